package dev.stator.model;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/// Reads the small files of a model folder; every failure becomes a `ModelFolderException`.
final class FolderFiles {
    /// The largest of them, the index of a sharded checkpoint, stays well below.
    static final int FILE_BYTES_MAX = 64 << 20;

    private FolderFiles() {}

    /// What `reader` makes of the JSON document in `file`.
    static <T> T json(Path file, Function<JsonField, T> reader) {
        byte[] bytes = bytes(file);
        try {
            return reader.apply(JsonField.root(Json.parse(bytes, JsonLimits.FILE)));
        } catch (JsonException | JsonFieldException e) {
            throw new ModelFolderException(file, e);
        }
    }

    static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    static boolean exists(Path file) {
        return Files.isRegularFile(file);
    }

    private static byte[] bytes(Path file) {
        if (!exists(file)) {
            throw new ModelFolderException(file, "there is no such file");
        }
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) {
                throw new ModelFolderException(
                        file, "has " + size + " bytes, more than " + FILE_BYTES_MAX);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ModelFolderException(file, "cannot be read: " + e, e);
        }
    }
}
