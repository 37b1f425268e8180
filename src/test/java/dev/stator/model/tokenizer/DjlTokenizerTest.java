package dev.stator.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RandomText;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// `BpeTokenizer` and the library that it replaces must agree on everything.
class DjlTokenizerTest {
    private static final Map<String, Tokenizer> NATIVE = new HashMap<>();
    private static final Map<String, Tokenizer> OWN = new HashMap<>();

    @BeforeAll
    static void loadBoth() {
        for (String kind : Golden.KINDS) {
            OWN.put(kind, Golden.tokenizer(kind));
            NATIVE.put(
                    kind, nativeTokenizer(Golden.bytes(Golden.folder(kind + "/tokenizer.json"))));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void encodesTheSameIds(long seed) {
        var texts = new RandomText(seed);
        for (int i = 0; i < 20; i++) {
            String text = texts.next(80);
            OWN.forEach(
                    (kind, own) ->
                            assertThat(own.encode(text, true))
                                    .as("%s: %s", kind, text)
                                    .isEqualTo(NATIVE.get(kind).encode(text, true)));
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
                            .isEqualTo(NATIVE.get(kind).decode(TokenIds.of(ids), true));
                });
    }

    private static Tokenizer nativeTokenizer(byte[] json) {
        try {
            return DjlTokenizer.read(
                    json, new TokenizerFile(JsonField.root(Json.parse(json, JsonLimits.FILE))));
        } catch (IOException e) {
            System.out.println("SKIPPED, no native tokenizer library here: " + e.getMessage());
            throw new TestAbortedException(e.getMessage(), e);
        }
    }
}
