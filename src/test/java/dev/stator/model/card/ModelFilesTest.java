package dev.stator.model.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.model.ModelFolderException;
import dev.stator.model.ModelReference;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class ModelFilesTest {
    private static final String EMPTY_DIGEST =
            "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

    @TempDir private Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        Files.writeString(folder.resolve("config.json"), "");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
        Files.writeString(folder.resolve("model.safetensors"), "weights are not named");
    }

    @Test
    void readsWhatItWrote() {
        var files = ModelFiles.in("demo", folder);

        assertThat(files.files().keySet())
                .containsExactlyInAnyOrder(
                        ModelFiles.Role.CONFIG,
                        ModelFiles.Role.TOKENIZER,
                        ModelFiles.Role.CHAT_TEMPLATE);
        assertThat(ModelFiles.read(JsonField.root(card(files)))).contains(files);
    }

    @Test
    void usesDynamosNames() {
        JsonField card = JsonField.root(card(ModelFiles.in("demo", folder)));

        assertThat(card.get("source_path").string()).isEqualTo("demo");
        assertThat(card.get("model_info").get("hf_config_json").get("checksum").string())
                .isEqualTo(EMPTY_DIGEST);
        assertThat(card.get("tokenizer").get("hf_tokenizer_json").get("path").string())
                .isEqualTo(folder.resolve("tokenizer.json").toString());
        JsonField template = card.get("chat_template_file").get("hf_chat_template");
        assertThat(template.get("is_custom").bool()).isFalse();
        assertThat(template.get("file").get("path").string()).endsWith("chat_template.jinja");
    }

    @Test
    void aCardWithoutFilesHasNone() {
        assertThat(ModelFiles.read(JsonField.root(JsonObject.EMPTY))).isEmpty();
    }

    @Test
    void anOlderNameOfTheTemplateIsUnderstood() {
        var card =
                """
                {"chat_template_file":{"hf_chat_template_jinja":{"is_custom":false,"file":
                 {"path":"/m/chat_template.jinja","checksum":"%s"}}}}\
                """
                        .formatted(EMPTY_DIGEST);
        ModelFiles files =
                ModelFiles.read(JsonField.root(Json.parse(card, JsonLimits.FILE))).orElseThrow();

        assertThat(files.files()).containsOnlyKeys(ModelFiles.Role.CHAT_TEMPLATE);
    }

    @Test
    void theModelIsWhereTheWorkerHasIt() {
        var files = ModelFiles.in("demo", folder);
        assertThat(files.locate(Optional.empty())).isEqualTo(new ModelReference.Folder(folder));
    }

    @Test
    void anotherModelIsRefused() throws IOException {
        var files = ModelFiles.in("demo", folder);
        Files.writeString(folder.resolve("tokenizer.json"), "{\"other\":1}");

        assertThatThrownBy(() -> files.locate(Optional.empty()))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageContaining("tokenizer.json");
        var copy = Optional.<ModelReference>of(new ModelReference.Folder(folder));
        assertThatThrownBy(() -> files.locate(copy)).isInstanceOf(ModelFolderException.class);
    }

    private static JsonObject card(ModelFiles files) {
        var json = new JsonObjectBuilder();
        files.writeTo(json);
        return json.build();
    }
}
