package dev.stator.model.tokenizer.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.model.tokenizer.RandomText;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

class Utf8DecoderTest {

    /// The examples of Unicode's section 3.9 (tables 3-8 to 3-11) and of the Encoding Standard.
    @ParameterizedTest
    @CsvSource({
        "41 C0 AF 41 F4 80 80 41, A��A�A",
        "41 E0 9F 80 41, A���A",
        "C0 AF E0 80 BF F0 81 82 41, ��������A",
        "ED A0 80 ED BF BF ED AF 41, ��������A",
        "F4 91 92 93 FF 41 80 BF 42, �����A��B",
        "E1 80 E2 F0 91 92 F1 BF 41, ����A",
        "F0 9F 98 80 F0 9F 98, 😀�",
        "C3, �"
    })
    void replacesMaximalPrefixes(String bytes, String text) {
        byte[] utf8 = HexFormat.ofDelimiter(" ").parseHex(bytes);
        for (int cut = 0; cut <= utf8.length; cut++) {
            assertThat(decode(utf8, cut)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void readsValidTextWhereverItIsCut(long seed) {
        String text = new RandomText(seed).next(30);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= utf8.length; cut++) {
            assertThat(decode(utf8, cut)).isEqualTo(text);
        }
    }

    @Test
    void knowsWhenItIsWithinACharacter() {
        var decoder = new Utf8Decoder();
        var out = new StringBuilder();
        decoder.decode(new byte[] {'a', (byte) 0xE4, (byte) 0xB8}, out);
        assertThat(decoder.isMidCharacter()).isTrue();
        decoder.decode(new byte[] {(byte) 0xAD}, out);
        assertThat(decoder.isMidCharacter()).isFalse();
        assertThat(out).hasToString("a中");
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void encodesAsTheLibraryDoes(long seed) {
        String text = new RandomText(seed).next(30);
        byte[] utf8 = new byte[3 * text.length()];
        int length = Utf8.encode(text.toCharArray(), 0, text.length(), utf8);

        assertThat(utf8).startsWith(text.getBytes(StandardCharsets.UTF_8));
        assertThat(length).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    private static String decode(byte[] utf8, int cut) {
        var decoder = new Utf8Decoder();
        var out = new StringBuilder();
        decoder.decode(Arrays.copyOf(utf8, cut), out);
        decoder.decode(Arrays.copyOfRange(utf8, cut, utf8.length), out);
        decoder.finish(out);
        return out.toString();
    }
}
