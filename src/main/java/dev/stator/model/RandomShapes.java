package dev.stator.model;

import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;

/// The shapes of published models that can be filled with random weights, by short name. The
/// figures are those of their `config.json`.
final class RandomShapes {
    private static final int QWEN3_VOCABULARY = 151_936;
    private static final int LLAMA3_VOCABULARY = 128_256;
    private static final SequencedMap<String, ModelConfig> BY_NAME =
            new TreeMap<>(
                    Map.of(
                            "qwen3-0.6b", qwen3(28, 1_024, 3_072, 16),
                            "qwen3-1.7b", qwen3(28, 2_048, 6_144, 16),
                            "qwen3-4b", qwen3(36, 2_560, 9_728, 32),
                            "llama-3.2-1b", llama32(16, 2_048, 32, 64),
                            "llama-3.2-3b", llama32(28, 3_072, 24, 128)));

    private RandomShapes() {}

    static SequencedSet<String> names() {
        return BY_NAME.sequencedKeySet();
    }

    static Optional<ModelConfig> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static ModelConfig qwen3(int layers, int hidden, int wide, int heads) {
        return new ModelConfig(
                ModelFamily.QWEN3,
                layers,
                hidden,
                wide,
                heads,
                8,
                128,
                QWEN3_VOCABULARY,
                40_960,
                1e-6,
                1e6,
                Optional.empty(),
                true);
    }

    private static ModelConfig llama32(int layers, int hidden, int heads, int headDim) {
        return new ModelConfig(
                ModelFamily.LLAMA,
                layers,
                hidden,
                8_192,
                heads,
                8,
                headDim,
                LLAMA3_VOCABULARY,
                131_072,
                1e-5,
                5e5,
                Optional.of(new RopeScaling(32, 1, 4, 8_192)),
                true);
    }
}
