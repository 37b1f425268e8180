package dev.stator.engine.cpu;

import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.engine.cpu.weights.TensorSource;
import dev.stator.model.ModelConfig;
import dev.stator.model.ModelFamily;
import dev.stator.model.WeightSource;

import java.util.Optional;

/// A model small enough for hundreds of generations in a test, with random weights.
final class TinyModel {
    static final int VOCABULARY = 1_000;
    static final int CONTEXT_TOKENS = 512;

    private static final long WEIGHT_SEED = 11;

    private TinyModel() {}

    static PackedModel load(WeightFormat format) {
        var config =
                new ModelConfig(
                        ModelFamily.QWEN3,
                        2,
                        64,
                        96,
                        4,
                        2,
                        16,
                        VOCABULARY,
                        CONTEXT_TOKENS,
                        1e-6,
                        10_000,
                        Optional.empty(),
                        true);
        try (var pool = new KernelPool(1, "load");
                var tensors = TensorSource.open(new WeightSource.Drawn(WEIGHT_SEED), config)) {
            return PackedModel.load(config, tensors, format, pool, (_, _) -> {});
        }
    }
}
