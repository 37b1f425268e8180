package dev.stator.model;

import dev.stator.platform.codec.JsonField;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What an engine needs of a model as Hugging Face lays it out in a folder: its shape and where its
/// weights are. Opening reads the small files only.
public record ModelFolder(ModelConfig config, WeightSource.Shards weights) {
    private static final String SUFFIX = ".safetensors";

    /// Throws `ModelFolderException` when a file is missing or says something we cannot run.
    public static ModelFolder open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new ModelFolderException(path, "there is no such folder");
        }
        ModelConfig config = FolderFiles.json(path.resolve("config.json"), ConfigReader::read);
        return new ModelFolder(config, weights(path));
    }

    /// One file wins over an index beside it, as it does in transformers.
    private static WeightSource.Shards weights(Path path) {
        Path single = path.resolve("model" + SUFFIX);
        if (FolderFiles.exists(single)) {
            return new WeightSource.Shards(List.of(single), Map.of());
        }
        Path index = path.resolve("model" + SUFFIX + ".index.json");
        if (!FolderFiles.exists(index)) {
            throw new ModelFolderException(single, "there is no such file, nor " + index);
        }
        return FolderFiles.json(index, json -> shards(path, json.get("weight_map")));
    }

    private static WeightSource.Shards shards(Path path, JsonField weightMap) {
        Map<String, Path> index = new HashMap<>();
        weightMap.members().forEach((tensor, file) -> index.put(tensor, shard(path, file)));
        if (index.isEmpty()) {
            throw weightMap.invalid("must name at least one tensor");
        }
        return new WeightSource.Shards(new TreeSet<>(index.values()).stream().toList(), index);
    }

    /// A shard is a plain name in the same folder; anything else could leave it.
    private static Path shard(Path path, JsonField file) {
        String name = file.string();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || !name.endsWith(SUFFIX)) {
            throw file.invalid("must be the name of a " + SUFFIX + " file in this folder");
        }
        Path shard = path.resolve(name);
        if (!FolderFiles.exists(shard)) {
            throw file.invalid("names a file that is not there");
        }
        return shard;
    }
}
