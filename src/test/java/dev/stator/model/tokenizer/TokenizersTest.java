package dev.stator.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class TokenizersTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#KINDS")
    void byteLevelKindsAreReadInJava(String kind) {
        assertThat(Tokenizers.from(Golden.folder(kind))).isInstanceOf(BpeTokenizer.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"type\":\"NFC\"|\"type\":\"NFKC\"|normalizer is NFKC",
                "\"dropout\":null|\"dropout\":0.1|model.dropout is not supported",
                "\"type\":\"BPE\"|\"type\":\"Unigram\"|model.type is not supported",
                "\"end_of_word_suffix\":null|\"end_of_word_suffix\":\"x\"|"
                        + "model.end_of_word_suffix is not supported",
                "\\\\p{N}|\\\\p{Nd}|pre_tokenizer.pretokenizers[0] is Split",
                "\"behavior\":\"Isolated\"|\"behavior\":\"Removed\"|"
                        + "pre_tokenizer.pretokenizers[0] is Split",
                "\"add_prefix_space\":false|\"add_prefix_space\":true|"
                        + "pre_tokenizer.pretokenizers[1].add_prefix_space is not supported",
                "\"vocab\":{\"!\":0|\"vocab\":{\"!!\":0|model.vocab has no token for byte 33",
                "\"decoder\":{\"type\":\"ByteLevel\"|\"decoder\":{\"type\":\"Fuse\"|decoder is"
                        + " Fuse",
                "\"post_processor\":null|\"post_processor\":{\"type\":\"RobertaProcessing\"}|"
                        + "post_processor is RobertaProcessing"
            })
    void whatIsNotKnownExactlyIsLeftToTheLibrary(String found, String replaced, String reason) {
        String json = qwen();
        assertThat(json).contains(found);
        var bpe =
                new BpeFile(
                        parse(
                                json.replaceFirst(
                                        Pattern.quote(found), Matcher.quoteReplacement(replaced))));

        assertThat(bpe.read()).isEmpty();
        assertThat(bpe.obstacles()).containsExactly(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"merges\":[[|\"merges\":[7,[|'model.merges[0]' must be two tokens",
                "\"merges\":[[|\"merges\":[\"a b c\",[|'model.merges[0]' must be two tokens",
                "\"merges\":[[|\"merges\":[\"€ b\",[|'model.merges[0]' speaks of a token not in",
                "\"!\":0|\"!\":-1|'model.vocab.!' must be in [0, 16777215]: -1",
                "\"vocab\":{|\"words\":{|'model.vocab' must be an object, but is missing",
                "\"id\":540|\"id\":\"x\"|'added_tokens[0].id' must be a whole number: \"x\"",
                "\"special\":true|\"special\":1|'added_tokens[0].special' must be true or false: 1",
                "\"version\"|version|(line 1, column"
            })
    void errorsNameTheFileAndTheField(String found, String replaced, String problem)
            throws IOException {
        write(qwen().replaceFirst(Pattern.quote(found), Matcher.quoteReplacement(replaced)));

        assertThatThrownBy(() -> Tokenizers.from(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(folder.resolve("tokenizer.json").toString())
                .hasMessageContaining(problem);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Tokenizers.from(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("no such file: " + folder.resolve("tokenizer.json"));
    }

    @Test
    void whatTheLibraryRefusesIsAnErrorToo() throws IOException {
        write(qwen().replaceFirst("\"NFC\"", "\"NoSuchNormalizer\""));

        assertThatThrownBy(() -> Tokenizers.from(folder))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("tokenizer.json: the native tokenizer library fails: ");
    }

    private static String qwen() {
        Path file = Golden.folder("qwen2").resolve(Tokenizers.FILE_NAME);
        return new String(Golden.bytes(file), StandardCharsets.UTF_8);
    }

    private static TokenizerFile parse(String json) {
        return new TokenizerFile(JsonField.root(Json.parse(json, JsonLimits.FILE)));
    }

    private void write(String json) throws IOException {
        Files.writeString(folder.resolve(Tokenizers.FILE_NAME), json);
    }
}
