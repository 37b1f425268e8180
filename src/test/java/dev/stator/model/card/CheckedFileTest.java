package dev.stator.model.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.model.ModelFolderException;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CheckedFileTest {

    @TempDir private Path folder;

    /// The first 32 bytes of the official test vectors.
    @ParameterizedTest
    @CsvFileSource(resources = "/dev/stator/golden/wire/blake3.csv", useHeadersInDisplayName = true)
    void theChecksumIsBlake3(int length, String digest) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        Path file = Files.write(folder.resolve("file"), bytes);

        CheckedFile checked = CheckedFile.of(file);
        assertThat(checked.checksum()).isEqualTo("blake3:" + digest);
        checked.requireSame(file);
        assertThat(CheckedFile.read(JsonField.root(checked.toJson()))).isEqualTo(checked);
    }

    @Test
    void anotherFileIsRefusedByName() throws IOException {
        CheckedFile checked = CheckedFile.of(Files.writeString(folder.resolve("one"), "{}"));
        Path other = Files.writeString(folder.resolve("two"), "{ }");

        assertThatThrownBy(() -> checked.requireSame(other))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("two")
                .hasMessageContaining("is not the worker's file");
        assertThatThrownBy(() -> checked.requireSame(folder.resolve("three")))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("three");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"path\":\"a\"}",
                "{\"path\":\"a\",\"checksum\":\"sha256:00\"}",
                "{\"path\":\"a\",\"checksum\":\"blake3:AF\"}"
            })
    void aChecksumOfAnotherKindIsRefused(String json) {
        JsonField field = JsonField.root(Json.parse(json, JsonLimits.REQUEST));
        assertThatThrownBy(() -> CheckedFile.read(field))
                .isInstanceOf(JsonFieldException.class)
                .hasMessageContaining("checksum");
    }
}
