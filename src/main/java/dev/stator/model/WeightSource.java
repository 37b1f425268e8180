package dev.stator.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where a model's weights come from.
public sealed interface WeightSource {

    /// Safetensors files.
    ///
    /// @param files all of them, each once
    /// @param index which file holds which tensor; empty when there is only one file
    record Shards(List<Path> files, Map<String, Path> index) implements WeightSource {
        public Shards {
            files = List.copyOf(files);
            index = Map.copyOf(index);
        }
    }

    /// Random numbers that depend on nothing but the seed and the tensor's name.
    record Drawn(long seed) implements WeightSource {}
}
