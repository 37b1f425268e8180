package dev.stator.openai.response;

import java.nio.charset.StandardCharsets;

/// What one token stands for. Its bytes need not be whole characters.
public final class TokenText {
    private final byte[] utf8;

    private TokenText(byte[] utf8) {
        this.utf8 = utf8;
    }

    /// Copies the bytes.
    public static TokenText of(byte[] utf8) {
        return new TokenText(utf8.clone());
    }

    /// The bytes as text, U+FFFD for what is not UTF-8.
    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    public int byteCount() {
        return utf8.length;
    }

    int unsignedByte(int index) {
        return utf8[index] & 0xff;
    }
}
