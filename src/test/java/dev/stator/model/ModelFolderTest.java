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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

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
    void theLeastModelHasNoTemplateAndTheTokensOfItsConfig() {
        ModelFolder model = ModelFolder.open(folder);

        assertThat(model.generation().eosTokenIds()).containsExactly(2);
        assertThat(model.generation().bosTokenId()).hasValue(1);
        assertThat(model.generation().temperature()).isEmpty();
        assertThat(model.tokenizer().chatTemplates()).isEmpty();
        assertThat(model.tokenizer().bosToken()).isEmpty();
        assertThat(model.weights().files()).containsExactly(folder.resolve("model.safetensors"));
    }

    @Test
    void readsWhatTheModelRecommends() {
        write(
                "generation_config.json",
                """
                {"do_sample": true, "eos_token_id": [7, 9], "pad_token_id": 7, "temperature": 0.6,
                 "top_k": 20, "top_p": 0.95, "min_p": 0, "repetition_penalty": 1.05}
                """);

        GenerationDefaults generation = ModelFolder.open(folder).generation();

        assertThat(generation.eosTokenIds()).containsExactly(7, 9);
        assertThat(generation.bosTokenId()).isEqualTo(OptionalInt.of(1));
        assertThat(generation.doSample()).isEqualTo(Optional.of(true));
        assertThat(generation.temperature()).isEqualTo(OptionalDouble.of(0.6));
        assertThat(generation.topK()).isEqualTo(OptionalInt.of(20));
        assertThat(generation.topP()).isEqualTo(OptionalDouble.of(0.95));
        assertThat(generation.minP()).isEqualTo(OptionalDouble.of(0));
        assertThat(generation.repetitionPenalty()).isEqualTo(OptionalDouble.of(1.05));
    }

    @Test
    void specialTokensAreStringsOrObjects() {
        write(
                "tokenizer_config.json",
                """
                {"bos_token": null, "eos_token": "<|im_end|>",
                 "unk_token": {"__type": "AddedToken", "content": "<unk>", "lstrip": false}}
                """);

        assertThat(ModelFolder.open(folder).tokenizer().specialTokens())
                .isEqualTo(Map.of("eos_token", "<|im_end|>", "unk_token", "<unk>"));
    }

    @Test
    void aTemplateMadeForToolsIsTakenWhenThereAreTools() {
        write(
                "tokenizer_config.json",
                """
                {"chat_template": [{"name": "default", "template": "plain"},
                                   {"name": "tool_use", "template": "tools"}]}
                """);

        ChatTemplates templates =
                ModelFolder.open(folder).tokenizer().chatTemplates().orElseThrow();

        assertThat(templates.source(false)).hasValue("plain");
        assertThat(templates.source(true)).hasValue("tools");
        assertThat(templates.file()).hasFileName("tokenizer_config.json");
    }

    @Test
    void theTemplateFileWinsOverTheTokenizerConfig() {
        write("tokenizer_config.json", "{\"chat_template\": \"old\"}");
        assertThat(template()).hasValue("old");

        write("chat_template.jinja", "new");
        assertThat(template()).hasValue("new");
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
                "generation_config.json|{'eos_token_id': 'end'}|'eos_token_id'",
                "generation_config.json|{'eos_token_id': [2, 300]}|'eos_token_id[1]'",
                "generation_config.json|{'eos_token_id': -1}|'eos_token_id'",
                "generation_config.json|{'temperature': -1}|'temperature'",
                "generation_config.json|{'top_p': 1.5}|'top_p'",
                "generation_config.json|{'top_k': -2}|'top_k'",
                "generation_config.json|{'do_sample': 1}|'do_sample'",
                "tokenizer_config.json|{'bos_token': 5}|'bos_token'",
                "tokenizer_config.json|{'bos_token': {'lstrip': true}}|'bos_token.content'",
                "tokenizer_config.json|{'chat_template': {}}|'chat_template'",
                "tokenizer_config.json|{'chat_template': [{'name': 'x'}]}"
                        + "|'chat_template[0].template'",
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

    private Optional<String> template() {
        return ModelFolder.open(folder).tokenizer().chatTemplates().flatMap(t -> t.source(false));
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
