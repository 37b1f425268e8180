package dev.stator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

class GenerationDefaultsTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeTheConfig() {
        write("config.json", "{\"bos_token_id\": 1, \"eos_token_id\": 2}");
    }

    @Test
    void aModelThatRecommendsNothingHasTheTokensOfItsConfig() {
        GenerationDefaults generation = open();

        assertThat(generation.eosTokenIds()).containsExactly(2);
        assertThat(generation.bosTokenId()).hasValue(1);
        assertThat(generation.temperature()).isEmpty();
    }

    @Test
    void readsWhatTheModelRecommends() {
        write(
                "generation_config.json",
                """
                {"do_sample": true, "eos_token_id": [7, 9], "pad_token_id": 7, "temperature": 0.6,
                 "top_k": 20, "top_p": 0.95, "min_p": 0, "repetition_penalty": 1.05}
                """);

        GenerationDefaults generation = open();

        assertThat(generation.eosTokenIds()).containsExactly(7, 9);
        assertThat(generation.bosTokenId()).isEqualTo(OptionalInt.of(1));
        assertThat(generation.doSample()).isEqualTo(Optional.of(true));
        assertThat(generation.temperature()).isEqualTo(OptionalDouble.of(0.6));
        assertThat(generation.topK()).isEqualTo(OptionalInt.of(20));
        assertThat(generation.topP()).isEqualTo(OptionalDouble.of(0.95));
        assertThat(generation.minP()).isEqualTo(OptionalDouble.of(0));
        assertThat(generation.repetitionPenalty()).isEqualTo(OptionalDouble.of(1.05));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "generation_config.json|{'eos_token_id': 'end'}|'eos_token_id'",
                "generation_config.json|{'eos_token_id': [2, 300]}|'eos_token_id[1]'",
                "generation_config.json|{'eos_token_id': -1}|'eos_token_id'",
                "generation_config.json|{'temperature': -1}|'temperature'",
                "generation_config.json|{'top_p': 1.5}|'top_p'",
                "generation_config.json|{'top_k': -2}|'top_k'",
                "generation_config.json|{'do_sample': 1}|'do_sample'",
            })
    void complaintsNameTheFileAndTheField(String file, String content, String expected) {
        write(file, content.replace('\'', '"'));

        assertThatThrownBy(() -> open())
                .isInstanceOf(ModelFolderException.class)
                .hasMessageStartingWith(folder.resolve(file) + ": ")
                .hasMessageContaining(expected);
    }

    private GenerationDefaults open() {
        return GenerationDefaults.open(folder, 300);
    }

    private void write(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
