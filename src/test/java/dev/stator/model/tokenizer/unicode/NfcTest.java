package dev.stator.model.tokenizer.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.model.tokenizer.RandomText;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.text.Normalizer;

class NfcTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void composesTheRangeAndNothingElse(long seed) {
        String text = new RandomText(seed).next(30);
        char[] chars = ("e" + text + "\u0301").toCharArray();
        String composed = Nfc.composed(chars, 1, chars.length - 1).map(String::new).orElse(text);

        assertThat(composed).isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
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
