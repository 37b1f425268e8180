package dev.stator.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// How vocabularies other than byte-level ones spell their tokens: `<0x0A>` for a byte, U+2581 for
/// a space.
final class TokenSpelling {
    private static final char VISIBLE_SPACE = '\u2581';
    private static final String BYTE_PREFIX = "<0x";
    private static final int BYTE_LENGTH = "<0x0A>".length();

    private TokenSpelling() {}

    static byte[] bytes(String token) {
        return isByte(token)
                ? new byte[] {(byte) HexFormat.fromHexDigits(token, 3, 5)}
                : token.replace(VISIBLE_SPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isByte(String token) {
        return token.length() == BYTE_LENGTH
                && token.startsWith(BYTE_PREFIX)
                && token.endsWith(">")
                && HexFormat.isHexDigit(token.charAt(3))
                && HexFormat.isHexDigit(token.charAt(4));
    }
}
