package dev.stator.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// `BpeTokenizer` and the library that it replaces must agree on everything.
class DjlTokenizerTest {
    private static final Map<String, Tokenizer> NATIVE = new HashMap<>();
    private static final Map<String, Tokenizer> OWN = new HashMap<>();

    @BeforeAll
    static void loadBoth() {
        for (String kind : Golden.KINDS) {
            OWN.put(kind, Golden.tokenizer(kind));
            NATIVE.put(kind, nativeTokenizer(kind));
        }
        for (String kind : Golden.NATIVE_KINDS) {
            NATIVE.put(kind, nativeTokenizer(kind));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void encodesTheSameIds(long seed) {
        var texts = new RandomText(seed);
        for (int i = 0; i < 8; i++) {
            String text = texts.next(80);
            OWN.forEach(
                    (kind, own) ->
                            assertThat(own.encode(text, true))
                                    .as("%s: %s", kind, text)
                                    .isEqualTo(nativeOf(kind).encode(text, true)));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void decodesTheSameText(long seed) {
        var random = new SplittableRandom(seed);
        OWN.forEach(
                (kind, own) -> {
                    int[] ids = random.ints(50, 0, own.vocabularySize()).toArray();
                    assertThat(own.decode(TokenIds.of(ids), true))
                            .as("%s: %s", kind, Arrays.toString(ids))
                            .isEqualTo(nativeOf(kind).decode(TokenIds.of(ids), true));
                });
    }

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#NATIVE_KINDS")
    void otherKindsEncodeAndDecodeAsTheReference(String kind) {
        Tokenizer tokenizer = nativeOf(kind);
        List<String> texts = Golden.plainTexts();
        List<JsonField> encoded = Golden.expected(kind).get("encoded").items();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(tokenizer.encode(texts.get(i), false))
                    .as(texts.get(i))
                    .isEqualTo(Golden.ids(encoded.get(i)));
        }
        for (JsonField decoded : Golden.expected(kind).get("decoded").items()) {
            assertThat(tokenizer.decode(Golden.ids(decoded.get("ids")), true))
                    .isEqualTo(decoded.get("withoutSpecial").string());
        }
    }

    @ParameterizedTest
    @FieldSource("dev.stator.model.tokenizer.Golden#NATIVE_KINDS")
    void piecesOfOtherKindsAddUpToTheText(String kind) {
        Tokenizer tokenizer = nativeOf(kind);
        for (String text : Golden.plainTexts()) {
            TokenIds ids = tokenizer.encode(text, false);
            IncrementalDetokenizer detokenizer = tokenizer.detokenizer(true);
            var pieces = new StringBuilder();
            for (int i = 0; i < ids.size(); i++) {
                pieces.append(detokenizer.append(ids.get(i)));
            }
            pieces.append(detokenizer.finish());
            assertThat(pieces).hasToString(tokenizer.decode(ids, true));
        }
    }

    @Test
    void otherKindsAreLoadedFromTheirFolder() {
        Tokenizer tokenizer = Tokenizers.from(Golden.folder("wordpiece"));

        assertThat(tokenizer).isInstanceOf(DjlTokenizer.class);
        assertThat(tokenizer.decode(tokenizer.encode("The Server", false), true))
                .isEqualTo("the server");
    }

    @Test
    void tokensOfOtherKindsKnowTheirBytes() {
        Tokenizer tokenizer = nativeOf("sentencepiece");
        assertThat(tokenizer.bytes(tokenizer.id("<0xE4>").orElseThrow())).containsExactly(0xE4);
        assertThat(tokenizer.bytes(tokenizer.id("\u2581").orElseThrow()))
                .isEqualTo(" ".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.isSpecial(tokenizer.id("</s>").orElseThrow())).isTrue();
    }

    @Test
    void loneSurrogatesDoNotGarbleTheRest() {
        OWN.forEach(
                (kind, own) ->
                        assertThat(nativeOf(kind).encode("😀 \uD83D 😀", false))
                                .as(kind)
                                .isEqualTo(own.encode("😀 \uFFFD 😀", false)));
    }

    @Test
    void longTextIsNotTruncated() {
        String text = "word ".repeat(2_000);
        OWN.forEach(
                (kind, own) ->
                        assertThat(nativeOf(kind).encode(text, false))
                                .as(kind)
                                .isEqualTo(own.encode(text, false)));
    }

    @Test
    void theLibraryIsKeptOffTheNetwork() {
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }

    private static Tokenizer nativeOf(String kind) {
        return Objects.requireNonNull(NATIVE.get(kind));
    }

    private static Tokenizer nativeTokenizer(String kind) {
        byte[] json = Golden.bytes(Golden.folder(kind).resolve(Tokenizers.FILE_NAME));
        try {
            return DjlTokenizer.read(
                    json, new TokenizerFile(JsonField.root(Json.parse(json, JsonLimits.FILE))));
        } catch (IOException e) {
            System.out.println("SKIPPED, no native tokenizer library here: " + e.getMessage());
            throw new TestAbortedException(e.getMessage(), e);
        }
    }
}
