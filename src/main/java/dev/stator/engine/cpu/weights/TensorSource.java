package dev.stator.engine.cpu.weights;

import dev.stator.model.ModelConfig;
import dev.stator.model.WeightSource;

/// Where a model's tensors come from, by Hugging Face name. Safe for use by several threads.
public interface TensorSource extends AutoCloseable {

    /// Opens the weights of a model. Throws `WeightsException` when a file is damaged, or a tensor
    /// of the model is missing or has another shape than `config` says.
    static TensorSource open(WeightSource weights, ModelConfig config) {
        return switch (weights) {
            case WeightSource.Shards shards -> SafetensorsModel.open(shards, config);
            case WeightSource.Drawn(long seed) -> new RandomTensors(config, seed);
        };
    }

    boolean contains(String name);

    /// The tensor `name`. Throws `WeightsException`, naming the file and the tensor, when there is
    /// none.
    Tensor tensor(String name);

    /// Says that nobody reads this tensor any more, so that its memory may go before the others'.
    default void release(Tensor tensor) {}

    /// Gives the memory of every tensor back; none may be read afterwards.
    @Override
    void close();
}
