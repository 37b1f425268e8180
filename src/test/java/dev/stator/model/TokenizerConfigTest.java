package dev.stator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class TokenizerConfigTest {
    @TempDir private Path folder;

    @Test
    void aFolderMayHaveNeitherTokensNorTemplate() {
        assertThat(TokenizerConfig.open(folder).chatTemplates()).isEmpty();
        assertThat(TokenizerConfig.open(folder).specialTokens()).isEmpty();
    }

    @Test
    void specialTokensAreStringsOrObjects() {
        write(
                "tokenizer_config.json",
                """
                {"bos_token": null, "eos_token": "<|im_end|>",
                 "unk_token": {"__type": "AddedToken", "content": "<unk>", "lstrip": false}}
                """);

        assertThat(TokenizerConfig.open(folder).specialTokens())
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

        ChatTemplates templates = TokenizerConfig.open(folder).chatTemplates().orElseThrow();

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "tokenizer_config.json|{'bos_token': 5}|'bos_token'",
                "tokenizer_config.json|{'bos_token': {'lstrip': true}}|'bos_token.content'",
                "tokenizer_config.json|{'chat_template': {}}|'chat_template'",
                "tokenizer_config.json|{'chat_template': [{'name': 'x'}]}"
                        + "|'chat_template[0].template'",
            })
    void complaintsNameTheFileAndTheField(String file, String content, String expected) {
        write(file, content.replace('\'', '"'));

        assertThatThrownBy(() -> TokenizerConfig.open(folder))
                .isInstanceOf(ModelFolderException.class)
                .hasMessageStartingWith(folder.resolve(file) + ": ")
                .hasMessageContaining(expected);
    }

    private Optional<String> template() {
        return TokenizerConfig.open(folder).chatTemplates().flatMap(t -> t.source(false));
    }

    private void write(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
