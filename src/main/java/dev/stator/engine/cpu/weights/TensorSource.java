package dev.stator.engine.cpu.weights;

/// Where a model's tensors come from, by Hugging Face name. Safe for use by several threads.
public interface TensorSource extends AutoCloseable {

    boolean contains(String name);

    /// The tensor `name`. Throws `WeightsException`, naming the file and the tensor, when there is
    /// none.
    Tensor tensor(String name);

    /// Gives the memory of every tensor back; none may be read afterwards.
    @Override
    void close();
}
