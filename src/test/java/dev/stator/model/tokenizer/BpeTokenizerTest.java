package dev.stator.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class BpeTokenizerTest {
    private static final Map<String, BpeTokenizer> TOKENIZERS =
            Golden.KINDS.stream().collect(Collectors.toMap(Function.identity(), Golden::tokenizer));

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void textSurvivesEncodingAndDecoding(long seed) {
        String text = new RandomText(seed).next(200);
        for (String kind : List.of("gpt2", "llama3", "o200k", "deepseek", "smollm")) {
            BpeTokenizer tokenizer = tokenizer(kind);
            assertThat(tokenizer.decode(tokenizer.encode(text, false), false))
                    .as(kind)
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void normalizedTextSurvivesEncodingAndDecoding(long seed) {
        String text = new RandomText(seed).next(200);
        BpeTokenizer tokenizer = tokenizer("qwen35");

        assertThat(tokenizer.decode(tokenizer.encode(text, false), false))
                .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#KINDS")
    void bytesOfIdsJoinToTheText(String kind) {
        BpeTokenizer tokenizer = tokenizer(kind);
        String text = "def f(x): # größer 中文 😀\n\treturn 12345";
        TokenIds ids = tokenizer.encode(text, false);
        var bytes = new ByteArrayOutputStream();
        IntStream.range(0, ids.size()).forEach(i -> bytes.writeBytes(tokenizer.bytes(ids.get(i))));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void loneSurrogatesCountAsReplacementCharacters() {
        BpeTokenizer tokenizer = tokenizer("qwen2");
        assertThat(tokenizer.encode("a\uD83D b \uDE00\uD83D\uDE00 \uD83D", false))
                .isEqualTo(tokenizer.encode("a� b �😀 �", false));
    }

    @Test
    void specialTokensAreKnownByNameAndId() {
        BpeTokenizer tokenizer = tokenizer("qwen2");
        int end = tokenizer.id("<|im_end|>").orElseThrow();
        int call = tokenizer.id("<tool_call>").orElseThrow();

        assertThat(tokenizer.isSpecial(end)).isTrue();
        assertThat(tokenizer.isSpecial(call)).isFalse();
        assertThat(tokenizer.bytes(end)).isEqualTo("<|im_end|>".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.decode(TokenIds.of(end, call), true)).isEqualTo("<tool_call>");
        assertThat(tokenizer.id("no such token")).isEmpty();
    }

    @Test
    void idsBeyondTheVocabularyHaveNoText() {
        BpeTokenizer tokenizer = tokenizer("gpt2");
        int beyond = tokenizer.vocabularySize();

        assertThat(tokenizer.isSpecial(beyond - 1)).isTrue();
        assertThat(tokenizer.bytes(beyond)).isEmpty();
        assertThat(tokenizer.isSpecial(beyond)).isFalse();
        assertThat(tokenizer.decode(TokenIds.of(beyond, Integer.MAX_VALUE), false)).isEmpty();
    }

    @Test
    void endlessRunsOfAnyKindStayAffordable() {
        Stream.of("a", " ", "\n", "A", "1", "=", "é", "中", "😀", "\u0301", "aB", " \n", "\0", "'")
                .map(piece -> piece.repeat((1 << 16) / piece.length()))
                .forEach(
                        text ->
                                TOKENIZERS.forEach(
                                        (kind, tokenizer) ->
                                                assertThat(tokenizer.encode(text, false).size())
                                                        .as(kind)
                                                        .isPositive()));
    }

    @Test
    void threadsShareATokenizer() {
        BpeTokenizer tokenizer = tokenizer("llama3");
        List<String> texts = Golden.texts();
        List<TokenIds> expected =
                texts.stream().map(text -> tokenizer.encode(text, false)).toList();

        BpeTokenizer shared = Golden.tokenizer("llama3");
        List<TokenIds> encoded =
                IntStream.range(0, 40 * texts.size())
                        .parallel()
                        .mapToObj(i -> shared.encode(texts.get(i % texts.size()), false))
                        .toList();

        for (int i = 0; i < encoded.size(); i++) {
            assertThat(encoded.get(i)).isEqualTo(expected.get(i % texts.size()));
        }
    }

    private static BpeTokenizer tokenizer(String kind) {
        return Objects.requireNonNull(TOKENIZERS.get(kind));
    }
}
