package dev.stator.model.tokenizer.unicode;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Optional;

/// Unicode's canonical composition, skipping the text that is composed already.
public final class Nfc {
    private static final char FIRST_COMBINING = '\u0300';

    private Nfc() {}

    /// The composed form of `[start, end)`, or nothing when that is the text itself.
    public static Optional<char[]> composed(char[] text, int start, int end) {
        if (isBelowCombining(text, start, end)) {
            return Optional.empty();
        }
        String decomposed = new String(text, start, end - start);
        return Normalizer.isNormalized(decomposed, Form.NFC)
                ? Optional.empty()
                : Optional.of(Normalizer.normalize(decomposed, Form.NFC).toCharArray());
    }

    /// Every character below U+0300 is composed and combines with none that follows below it.
    private static boolean isBelowCombining(char[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] >= FIRST_COMBINING) {
                return false;
            }
        }
        return true;
    }
}
