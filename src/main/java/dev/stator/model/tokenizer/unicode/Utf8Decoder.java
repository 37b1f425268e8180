package dev.stator.model.tokenizer.unicode;

/// Decodes UTF-8 that arrives in pieces. Owned by one thread.
///
/// A character appears once its last byte has arrived. Each maximal prefix of a valid sequence that
/// is not continued, and each byte that begins none, becomes one U+FFFD: the "UTF-8 decoder" of the
/// WHATWG Encoding Standard, and what Rust calls lossy. How the bytes were cut does not matter.
public final class Utf8Decoder {
    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missing;
    private int lowest = 0x80; // bounds of the next continuation byte
    private int highest = 0xBF;

    /// Whether the bytes so far end within a character.
    public boolean isMidCharacter() {
        return missing > 0;
    }

    /// Appends the characters that `bytes` complete.
    public void decode(byte[] bytes, StringBuilder out) {
        for (byte b : bytes) {
            int value = b & 0xff;
            if (missing > 0 && value >= lowest && value <= highest) {
                proceed(value, out);
            } else {
                finish(out);
                begin(value, out);
            }
        }
    }

    /// Ends the text: an unfinished character becomes U+FFFD.
    public void finish(StringBuilder out) {
        if (missing > 0) {
            reset();
            out.append(REPLACEMENT);
        }
    }

    private void begin(int value, StringBuilder out) {
        if (value < 0x80) {
            out.append((char) value);
        } else if (value >= 0xC2 && value <= 0xDF) {
            expect(1, value & 0x1F);
        } else if (value >= 0xE0 && value <= 0xEF) {
            expect(2, value & 0xF);
            lowest = value == 0xE0 ? 0xA0 : lowest; // shorter forms exist
            highest = value == 0xED ? 0x9F : highest; // surrogates
        } else if (value >= 0xF0 && value <= 0xF4) {
            expect(3, value & 0x7);
            lowest = value == 0xF0 ? 0x90 : lowest; // shorter forms exist
            highest = value == 0xF4 ? 0x8F : highest; // beyond U+10FFFF
        } else {
            out.append(REPLACEMENT);
        }
    }

    private void expect(int continuations, int leadingBits) {
        missing = continuations;
        codePoint = leadingBits;
    }

    private void proceed(int value, StringBuilder out) {
        codePoint = (codePoint << 6) | (value & 0x3F);
        lowest = 0x80;
        highest = 0xBF;
        if (--missing == 0) {
            out.appendCodePoint(codePoint);
        }
    }

    private void reset() {
        missing = 0;
        lowest = 0x80;
        highest = 0xBF;
    }
}
