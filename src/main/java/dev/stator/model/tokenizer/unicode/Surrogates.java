package dev.stator.model.tokenizer.unicode;

/// Makes text well-formed: a surrogate without its partner, legal in JSON and in a Java string but
/// not in UTF-8, becomes U+FFFD.
public final class Surrogates {
    private static final char REPLACEMENT = '\uFFFD';

    private Surrogates() {}

    /// The characters of `text`, well-formed.
    public static char[] repaired(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (Character.isSurrogate(chars[i])) {
                if (isPair(chars, i)) {
                    i++;
                } else {
                    chars[i] = REPLACEMENT;
                }
            }
        }
        return chars;
    }

    private static boolean isPair(char[] chars, int i) {
        return i + 1 < chars.length && Character.isSurrogatePair(chars[i], chars[i + 1]);
    }
}
