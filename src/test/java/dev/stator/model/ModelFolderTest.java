package dev.stator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class ModelFolderTest {
    private static final String CONFIG =
            """
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 96, "vocab_size": 300,
             "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 512,
             "bos_token_id": 1, "eos_token_id": 2}
            """;

    @TempDir private Path temporary;
    private Path folder = Path.of("");

    @BeforeEach
    void writeTheLeastModel() throws IOException {
        folder = temporary.resolve("model");
        Files.createDirectories(folder.resolve("sub"));
        write("config.json", CONFIG);
        write("model.safetensors", "");
    }

    @Test
    void theLeastModelHasOneFileOfWeights() {
        ModelFolder model = ModelFolder.open(folder);

        assertThat(model.config().vocabularySize()).isEqualTo(300);
        assertThat(model.weights().files()).containsExactly(folder.resolve("model.safetensors"));
    }

    @Test
    void aShardedModelHasEachFileOnce() {
        shard(
                "{\"a\": \"x-1.safetensors\", \"b\": \"x-2.safetensors\", \"c\":"
                        + " \"x-1.safetensors\"}");

        WeightSource.Shards weights = ModelFolder.open(folder).weights();

        Path first = folder.resolve("x-1.safetensors");
        Path second = folder.resolve("x-2.safetensors");
        assertThat(weights.files()).containsExactly(first, second);
        assertThat(weights.index()).isEqualTo(Map.of("a", first, "b", second, "c", first));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x-1.safetensors",
                "sub/x-1.safetensors",
                "/etc/x-1.safetensors",
                "..\\\\x-1.safetensors",
                "..",
                ".safetensors",
                "x-1.bin",
                "x-9.safetensors",
                "x-1.safetensors\\u0000"
            })
    void aShardIsAFileOfTheFolder(String name) {
        write("../x-1.safetensors", "");
        write("sub/x-1.safetensors", "");
        shard("{\"model.norm.weight\": \"" + name + "\"}");

        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("model.safetensors.index.json: ")
                .hasMessageContaining("'weight_map.model.norm.weight' ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "config.json|{|line 1",
                "config.json|~~|the document is empty",
                "config.json|[]|must be an object",
            })
    void complaintsNameTheFileAndTheField(String file, String content, String expected) {
        write(file, content.replace('\'', '"'));

        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageStartingWith(folder.resolve(file) + ": ")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors"})
    void saysWhichFileIsMissing(String file) throws IOException {
        Files.delete(folder.resolve(file));

        assertThatThrownBy(() -> ModelFolder.open(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageStartingWith(folder.resolve(file) + ": there is no such file");
    }

    @Test
    void refusesAnIndexWithoutTensorsAndAFolderThatIsNone() {
        shard("{}");
        assertThatThrownBy(() -> ModelFolder.open(folder)).hasMessageContaining("'weight_map'");
        assertThatThrownBy(() -> ModelFolder.open(folder.resolve("config.json")))
                .hasMessageContaining("there is no such folder");
    }

    private void shard(String weightMap) {
        folder.resolve("model.safetensors").toFile().delete();
        write("x-1.safetensors", "");
        write("x-2.safetensors", "");
        write("model.safetensors.index.json", "{\"weight_map\": " + weightMap + "}");
    }

    private void write(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
