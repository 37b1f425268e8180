package dev.stator.model.tokenizer.split;

/// The English endings `'s 't 're 've 'm 'll 'd` that patterns list as words of their own.
final class Contraction {
    private static final char LONG_S = '\u017F';

    private Contraction() {}

    /// The end of the ending at `start`, or `start` when there is none.
    ///
    /// @param anyCase whether letters are compared without case, by which U+017F is an `s` too
    static int end(char[] text, int start, int end, boolean anyCase) {
        if (start + 1 >= end || text[start] != '\'') {
            return start;
        }
        return switch (letter(text[start + 1], anyCase)) {
            case 's', 't', 'm', 'd' -> start + 2;
            case 'r', 'v' -> two(text, start, end, anyCase, 'e');
            case 'l' -> two(text, start, end, anyCase, 'l');
            default -> start;
        };
    }

    private static int two(char[] text, int start, int end, boolean anyCase, char second) {
        boolean matches = start + 2 < end && letter(text[start + 2], anyCase) == second;
        return matches ? start + 3 : start;
    }

    private static char letter(char c, boolean anyCase) {
        if (!anyCase) {
            return c;
        }
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return c == LONG_S ? 's' : c;
    }
}
