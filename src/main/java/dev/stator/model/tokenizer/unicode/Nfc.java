package dev.stator.model.tokenizer.unicode;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.BitSet;
import java.util.Optional;

/// Unicode's canonical composition (UAX #15), skipping text that is surely composed already, and in
/// time that no text can make quadratic.
public final class Nfc {
    private static final char FIRST_COMBINING = '\u0300';

    private Nfc() {}

    /// The composed form of `[start, end)`, or nothing when that is the text itself.
    public static Optional<char[]> composed(char[] text, int start, int end) {
        int i = start;
        while (i < end && text[i] < FIRST_COMBINING) {
            i++;
        }
        return i == end || Inert.isAll(text, i, end)
                ? Optional.empty()
                : compose(new String(text, start, end - start));
    }

    private static Optional<char[]> compose(String text) {
        String composed = Normalizer.normalize(MarkOrder.sortLongRuns(text), Form.NFC);
        return composed.equals(text) ? Optional.empty() : Optional.of(composed.toCharArray());
    }

    /// Characters that composition leaves alone whatever stands around them: they are their own
    /// composed form, and neither marks nor Hangul letters, the only ones that compose with what
    /// precedes them. Loaded when text beyond Latin first appears.
    private static final class Inert {
        private static final BitSet CHARACTERS = characters();

        static boolean isAll(char[] text, int start, int end) {
            for (int i = start; i < end; i++) {
                if (!CHARACTERS.get(text[i])) {
                    return false;
                }
            }
            return true;
        }

        private static BitSet characters() {
            var inert = new BitSet(1 << Character.SIZE);
            inert.set(0, FIRST_COMBINING);
            for (int c = FIRST_COMBINING; c <= Character.MAX_VALUE; c++) {
                inert.set(c, isInert((char) c));
            }
            return inert;
        }

        private static boolean isInert(char c) {
            if (Character.isSurrogate(c)) {
                return Character.isLowSurrogate(c) || isOfEmoji(c);
            }
            String alone = String.valueOf(c);
            return !MarkOrder.isMark(c)
                    && !isHangulLetter(c)
                    && Normalizer.normalize(alone, Form.NFC).equals(alone);
        }

        /// Whether this begins one of U+1F000 to U+1FBFF, all of which are inert.
        private static boolean isOfEmoji(char high) {
            return high >= '\uD83C' && high <= '\uD83E';
        }

        private static boolean isHangulLetter(char c) {
            return c >= '\u1100' && c <= '\u11FF';
        }
    }
}
