package dev.stator.model.tokenizer.split;

/// The character classes that split patterns speak of, as bits, and runs of them.
///
/// A character has every bit that applies. White space is Unicode's `White_Space`; the rest are
/// general categories.
final class CharacterClass {
    /// `\p{L}`
    static final int LETTER = 1;

    /// `\p{N}`
    static final int NUMBER = 1 << 1;

    /// `\s`
    static final int SPACE = 1 << 2;

    /// `[\r\n]`, which are also `SPACE`
    static final int NEWLINE = 1 << 3;

    /// `\p{M}`
    static final int MARK = 1 << 4;

    /// `[\p{P}\p{S}]`
    static final int PUNCTUATION = 1 << 5;

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
    static final int UPPER = 1 << 6;

    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
    static final int LOWER = 1 << 7;

    private static final byte[] BASIC_PLANE = basicPlane();

    private CharacterClass() {}

    /// The bits of the character at `i`.
    static int at(char[] text, int i, int end) {
        char c = text[i];
        return Character.isSurrogate(c)
                ? of(Character.codePointAt(text, i, end))
                : BASIC_PLANE[c] & 0xff;
    }

    /// The end of the longest run from `i` of characters having any of the bits.
    static int skip(char[] text, int i, int end, int bits) {
        while (i < end) {
            char c = text[i];
            if ((BASIC_PLANE[c] & bits) != 0) {
                i++;
            } else if (Character.isHighSurrogate(c) && (at(text, i, end) & bits) != 0) {
                i += 2;
            } else {
                return i;
            }
        }
        return i;
    }

    /// As `skip`, over `count` characters at most.
    static int skip(char[] text, int i, int end, int bits, int count) {
        for (int left = count; left > 0 && i < end && (at(text, i, end) & bits) != 0; left--) {
            i += width(text[i]);
        }
        return i;
    }

    /// The end of the longest run from `i` of characters having none of the bits.
    static int skipOthers(char[] text, int i, int end, int bits) {
        while (i < end && (at(text, i, end) & bits) == 0) {
            i += width(text[i]);
        }
        return i;
    }

    /// How many `char`s the character beginning with `first` has.
    static int width(char first) {
        return Character.isHighSurrogate(first) ? 2 : 1;
    }

    static int of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
            case Character.LOWERCASE_LETTER -> LETTER | LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    NUMBER;
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    MARK | UPPER | LOWER;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL ->
                    PUNCTUATION;
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    SPACE;
            case Character.CONTROL -> control(codePoint);
            default -> 0;
        };
    }

    private static int control(int codePoint) {
        return switch (codePoint) {
            case '\r', '\n' -> SPACE | NEWLINE;
            case '\t', '\u000B', '\f', '\u0085' -> SPACE;
            default -> 0;
        };
    }

    private static byte[] basicPlane() {
        byte[] bits = new byte[1 << Character.SIZE];
        for (int c = 0; c < bits.length; c++) {
            bits[c] = (byte) of(c);
        }
        return bits;
    }
}
