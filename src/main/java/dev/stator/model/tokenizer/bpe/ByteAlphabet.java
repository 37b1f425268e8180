package dev.stator.model.tokenizer.bpe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The printable characters by which vocabulary files write bytes, as GPT-2 introduced them.
///
/// Printable Latin-1 characters stand for themselves; the other bytes, in their order, are written
/// as the characters from U+0100 on.
public final class ByteAlphabet {
    /// How many characters it has: one per byte.
    public static final int SIZE = 256;

    private static final int FIRST_STAND_IN = 0x100;
    private static final char[] CHARACTERS = characters();
    private static final short[] BYTES = bytesByCharacter();
    private static final short NONE = -1;

    private ByteAlphabet() {}

    /// The token that stands for one byte, given as `[0, SIZE)`.
    public static String token(int unsignedByte) {
        return String.valueOf(CHARACTERS[unsignedByte]);
    }

    /// The bytes a token stands for: one per character of the alphabet, or the UTF-8 form of the
    /// whole token when it holds any other character.
    public static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] == NONE) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) BYTES[c];
        }
        return bytes;
    }

    /// The token that stands for the first `length` bytes.
    static String token(byte[] bytes, int length) {
        char[] token = new char[length];
        for (int i = 0; i < length; i++) {
            token[i] = CHARACTERS[bytes[i] & 0xff];
        }
        return new String(token);
    }

    private static char[] characters() {
        char[] characters = new char[SIZE];
        char standIn = FIRST_STAND_IN;
        for (char b = 0; b < characters.length; b++) {
            characters[b] = isPrintable(b) ? b : standIn++;
        }
        return characters;
    }

    private static boolean isPrintable(char b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
    }

    private static short[] bytesByCharacter() {
        short[] bytes = new short[2 * FIRST_STAND_IN];
        Arrays.fill(bytes, (short) -1);
        for (short b = 0; b < CHARACTERS.length; b++) {
            bytes[CHARACTERS[b]] = b;
        }
        return bytes;
    }
}
