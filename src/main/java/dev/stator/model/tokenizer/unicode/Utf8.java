package dev.stator.model.tokenizer.unicode;

/// UTF-8 from characters that hold no lone surrogate.
public final class Utf8 {
    private Utf8() {}

    /// Writes `[start, end)` to the front of `target`, which has room for three bytes per `char`,
    /// and returns how many bytes that were.
    public static int encode(char[] text, int start, int end, byte[] target) {
        int at = 0;
        for (int i = start; i < end; i++) {
            char c = text[i];
            if (c < 0x80) {
                target[at++] = (byte) c;
            } else if (c < 0x800) {
                target[at++] = (byte) (0xC0 | (c >> 6));
                target[at++] = continuation(c);
            } else if (!Character.isSurrogate(c)) {
                target[at++] = (byte) (0xE0 | (c >> 12));
                target[at++] = continuation(c >> 6);
                target[at++] = continuation(c);
            } else {
                int codePoint = Character.toCodePoint(c, text[++i]);
                target[at++] = (byte) (0xF0 | (codePoint >> 18));
                target[at++] = continuation(codePoint >> 12);
                target[at++] = continuation(codePoint >> 6);
                target[at++] = continuation(codePoint);
            }
        }
        return at;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
