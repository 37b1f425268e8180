package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.NEWLINE;
import static dev.stator.model.tokenizer.split.CharacterClass.SPACE;

/// The alternatives about white space that end every pattern.
final class WhiteSpace {
    private WhiteSpace() {}

    /// `\s+(?!\S)|\s+`: a run up to its last character when a word follows, so that the last one
    /// may belong to that word; the whole run otherwise.
    static int end(char[] text, int start, int end) {
        int run = CharacterClass.skip(text, start, end, SPACE);
        return run < end && run > start + 1 ? run - 1 : run;
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: as above, but a run with line breaks ends after the last one.
    static int endByLines(char[] text, int start, int end) {
        int run = CharacterClass.skip(text, start, end, SPACE);
        for (int i = run - 1; i >= start; i--) {
            if ((CharacterClass.at(text, i, end) & NEWLINE) != 0) {
                return i + 1;
            }
        }
        return run < end && run > start + 1 ? run - 1 : run;
    }
}
