package dev.stator.model.card;

import dev.stator.model.ModelFolderException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import org.apache.commons.codec.digest.Blake3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// A file and what was in it: `{"path": "…", "checksum": "blake3:…"}`.
public record CheckedFile(Path path, String checksum) {
    private static final String PREFIX = "blake3:";
    private static final int DIGEST_BYTES = 32;

    /// The larger files of a model, its weights, are not named in cards.
    private static final long FILE_BYTES_MAX = 64 << 20;

    /// Reads the file. Throws `ModelFolderException`.
    static CheckedFile of(Path path) {
        return new CheckedFile(path, digest(path));
    }

    static CheckedFile read(JsonField json) {
        JsonField checksum = json.get("checksum");
        if (!checksum.string().matches(PREFIX + "[0-9a-f]{64}")) {
            throw checksum.invalid("must be blake3: and 64 hexadecimal digits");
        }
        return new CheckedFile(Path.of(json.get("path").string()), checksum.string());
    }

    JsonObject toJson() {
        return new JsonObjectBuilder()
                .put("path", path.toString())
                .put("checksum", checksum)
                .build();
    }

    /// Throws `ModelFolderException` when `local` has other contents.
    void requireSame(Path local) {
        String found = digest(local);
        if (!found.equals(checksum)) {
            throw new ModelFolderException(
                    local, "is not the worker's file: " + found + " instead of " + checksum);
        }
    }

    /// The default 256-bit output of BLAKE3 without a key.
    private static String digest(Path path) {
        try {
            long size = Files.size(path);
            if (size > FILE_BYTES_MAX) {
                throw new ModelFolderException(
                        path, "has " + size + " bytes, more than " + FILE_BYTES_MAX);
            }
            byte[] digest =
                    Blake3.initHash().update(Files.readAllBytes(path)).doFinalize(DIGEST_BYTES);
            return PREFIX + HexFormat.of().formatHex(digest);
        } catch (IOException e) {
            throw new ModelFolderException(path, "cannot be read: " + e, e);
        }
    }
}
