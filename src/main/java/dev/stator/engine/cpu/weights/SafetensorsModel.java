package dev.stator.engine.cpu.weights;

import dev.stator.model.ModelConfig;
import dev.stator.model.WeightSource;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tensors of one or several safetensors files, mapped until closed. Immutable.
final class SafetensorsModel implements TensorSource {
    private final WeightSource.Shards shards;
    private final Map<Path, SafetensorsFile> files;
    private final Arena arena;

    private SafetensorsModel(
            WeightSource.Shards shards, Map<Path, SafetensorsFile> files, Arena arena) {
        this.shards = shards;
        this.files = files;
        this.arena = arena;
    }

    /// Opens all files and checks that each holds what the index says, and that every tensor of
    /// `config` is there in its shape. Throws `WeightsException`.
    static SafetensorsModel open(WeightSource.Shards shards, ModelConfig config) {
        Arena arena = Arena.ofShared();
        try {
            Map<Path, SafetensorsFile> files = new HashMap<>();
            for (Path path : shards.files()) {
                files.put(path, SafetensorsFile.open(path, arena));
            }
            var model = new SafetensorsModel(shards, Map.copyOf(files), arena);
            model.requireIndexed();
            TensorShapes.of(config).forEach(model::require);
            return model;
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public boolean contains(String name) {
        return file(name).contains(name);
    }

    @Override
    public Tensor tensor(String name) {
        return file(name).tensor(name);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /// A name that the index lacks is looked for, in vain, in the first file, which then is named.
    private SafetensorsFile file(String name) {
        Path path = shards.index().getOrDefault(name, shards.files().getFirst());
        SafetensorsFile file = files.get(path);
        if (file == null) {
            throw new WeightsException(path + ": is in the index but not opened");
        }
        return file;
    }

    private void requireIndexed() {
        shards.index()
                .forEach(
                        (name, path) -> {
                            if (!file(name).contains(name)) {
                                throw new WeightsException(
                                        path
                                                + ": there is no tensor '"
                                                + name
                                                + "', which the index places here");
                            }
                        });
    }

    private void require(String name, List<Integer> shape) {
        Tensor tensor = tensor(name);
        if (!tensor.shape().equals(shape)) {
            Path path = shards.index().getOrDefault(name, shards.files().getFirst());
            throw new WeightsException(
                    "%s: '%s.shape' must be %s by the model's configuration: %s"
                            .formatted(path, name, shape, tensor.shape()));
        }
    }
}
