package dev.stator.model.tokenizer.unicode;

/// Makes text well-formed: a surrogate without its partner, legal in JSON and in a Java string but
/// not in UTF-8, becomes U+FFFD.
public final class Surrogates {
    private static final char REPLACEMENT = '\uFFFD';

    private static final int SURROGATE_BITS = Character.MIN_SURROGATE;

    private Surrogates() {}

    /// The characters of `text`, well-formed.
    public static char[] repaired(String text) {
        char[] chars = text.toCharArray();
        if (mayHaveSurrogates(chars)) {
            repair(chars);
        }
        return chars;
    }

    /// A loop without a branch, which the compiler turns into vector instructions.
    private static boolean mayHaveSurrogates(char[] chars) {
        int bits = 0;
        for (char c : chars) {
            bits |= c;
        }
        return (bits & SURROGATE_BITS) == SURROGATE_BITS;
    }

    private static void repair(char[] chars) {
        for (int i = 0; i < chars.length; i++) {
            if (Character.isSurrogate(chars[i])) {
                if (isPair(chars, i)) {
                    i++;
                } else {
                    chars[i] = REPLACEMENT;
                }
            }
        }
    }

    private static boolean isPair(char[] chars, int i) {
        return i + 1 < chars.length && Character.isSurrogatePair(chars[i], chars[i + 1]);
    }
}
