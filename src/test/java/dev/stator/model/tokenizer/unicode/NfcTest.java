package dev.stator.model.tokenizer.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.model.tokenizer.RandomText;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.text.Normalizer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class NfcTest {
    private static final int[] MARKS =
            IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(MarkOrder::isMark).toArray();

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void composesTheRangeAndNothingElse(long seed) {
        String text = new RandomText(seed).next(30);
        char[] chars = ("e" + text + "\u0301").toCharArray();
        String composed = Nfc.composed(chars, 1, chars.length - 1).map(String::new).orElse(text);

        assertThat(composed).isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void composesRunsOfMarks(long seed) {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder("e");
        for (int i = random.nextInt(200); i > 0; i--) {
            text.appendCodePoint(
                    random.nextInt(40) == 0 ? 'a' : MARKS[random.nextInt(MARKS.length)]);
        }
        char[] chars = text.toString().toCharArray();
        String composed =
                Nfc.composed(chars, 0, chars.length).map(String::new).orElse(text.toString());

        assertThat(composed).isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }

    @Test
    void endlessRunsOfMarksStayAffordable() {
        char[] marks = "\u0345\u0307\u0323\u0334\u0344".repeat(20_000).toCharArray();

        assertThat(Nfc.composed(marks, 0, marks.length)).isPresent();
    }

    /// Each character after kinds of characters that compose with what follows.
    @ParameterizedTest
    @ValueSource(strings = {"e", "\u1100", "\uAC00"})
    void everyCharacterComposesAsTheLibrarySays(String before) {
        for (int c = 0x300; c < 0x1FC00; c += c == 0xD7FF ? 0x801 : 1) {
            String text = before + Character.toString(c);
            String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
            char[] chars = text.toCharArray();
            if (!composed.equals(
                    Nfc.composed(chars, 0, chars.length).map(String::new).orElse(text))) {
                assertThat(text).isEqualTo(composed);
            }
        }
    }

    @Test
    void composedTextIsNotCopied() {
        char[] chars = "größer 中文 😀".toCharArray();
        assertThat(Nfc.composed(chars, 0, chars.length)).isEmpty();
    }

    @Test
    void loneSurrogatesAreReplacedAndPairsAreNot() {
        assertThat(Surrogates.repaired("a\uD83D\uD83D\uDE00\uDE00b\uD83D"))
                .isEqualTo("a\uFFFD😀\uFFFDb\uFFFD".toCharArray());
    }
}
