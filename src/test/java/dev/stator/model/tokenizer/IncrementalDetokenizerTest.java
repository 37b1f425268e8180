package dev.stator.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.model.tokenizer.bpe.ByteAlphabet;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

class IncrementalDetokenizerTest {
    private static final BpeTokenizer TOKENIZER = Golden.tokenizer("qwen2");

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void piecesOfTextAddUpToTheText(long seed) {
        String text = new RandomText(seed).next(100);
        assertPiecesAddUp(TOKENIZER.encode(text, false));
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void piecesOfRandomIdsAddUpToTheirText(long seed) {
        var random = new SplittableRandom(seed);
        int[] ids = random.ints(100, 0, TOKENIZER.vocabularySize() + 5).toArray();
        assertPiecesAddUp(TokenIds.of(ids));
    }

    @Test
    void charactersAppearWhole() {
        IncrementalDetokenizer detokenizer = TOKENIZER.detokenizer(false);
        TokenIds bytes = bytesOf("😀");

        assertThat(bytes.size()).isEqualTo(4);
        assertThat(detokenizer.append(bytes.get(0))).isEmpty();
        assertThat(detokenizer.append(bytes.get(1))).isEmpty();
        assertThat(detokenizer.append(bytes.get(2))).isEmpty();
        assertThat(detokenizer.append(bytes.get(3))).isEqualTo("😀");
        assertThat(detokenizer.finish()).isEmpty();
    }

    @Test
    void whatNeverBecomesACharacterIsReplacedAtTheEnd() {
        IncrementalDetokenizer detokenizer = TOKENIZER.detokenizer(false);
        TokenIds bytes = bytesOf("😀");
        assertThat(detokenizer.append(bytes.get(0))).isEmpty();
        assertThat(detokenizer.append(TOKENIZER.id("a").orElseThrow())).isEqualTo("\uFFFDa");
        assertThat(detokenizer.append(bytes.get(0))).isEmpty();
        assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
        assertThat(detokenizer.finish()).isEmpty();
        assertThat(detokenizer.append(TOKENIZER.id("a").orElseThrow())).isEqualTo("a");
    }

    private static TokenIds bytesOf(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        TokenIds ids = TokenIds.EMPTY;
        for (byte b : utf8) {
            String spelling = ByteAlphabet.token(b & 0xff);
            ids = ids.concat(TokenIds.of(TOKENIZER.id(spelling).orElseThrow()));
        }
        return ids;
    }

    private static void assertPiecesAddUp(TokenIds ids) {
        for (boolean skipSpecial : new boolean[] {false, true}) {
            IncrementalDetokenizer detokenizer = TOKENIZER.detokenizer(skipSpecial);
            var text = new StringBuilder();
            for (int i = 0; i < ids.size(); i++) {
                text.append(detokenizer.append(ids.get(i)));
                assertThat(new StringBuilder(text).append(detokenizerAt(ids, i, skipSpecial)))
                        .hasToString(TOKENIZER.decode(ids.slice(0, i + 1), skipSpecial));
            }
            text.append(detokenizer.finish());
            assertThat(text).hasToString(TOKENIZER.decode(ids, skipSpecial));
        }
    }

    /// What a detokenizer that has seen the ids up to `last` would still hold back.
    private static String detokenizerAt(TokenIds ids, int last, boolean skipSpecial) {
        IncrementalDetokenizer detokenizer = TOKENIZER.detokenizer(skipSpecial);
        for (int i = 0; i <= last; i++) {
            detokenizer.append(ids.get(i));
        }
        return detokenizer.finish();
    }
}
