package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.LETTER;
import static dev.stator.model.tokenizer.split.CharacterClass.MARK;
import static dev.stator.model.tokenizer.split.CharacterClass.NEWLINE;
import static dev.stator.model.tokenizer.split.CharacterClass.PUNCTUATION;
import static dev.stator.model.tokenizer.split.CharacterClass.SPACE;

/// Matches DeepSeek's third and last pattern. It leaves some characters unmatched, numbers and
/// invisible ones; a run of those is a piece too.
final class DeepSeekSplitter implements Splitter {
    static final String PATTERN =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                    + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final int WORD = LETTER | MARK;
    private static final int NOT_BEFORE_WORD = LETTER | PUNCTUATION | NEWLINE;

    @Override
    public int next(char[] text, int start, int end) {
        int i = start;
        while (i < end) {
            int match = match(text, i, end);
            if (match > i) {
                return i == start ? match : i;
            }
            i += CharacterClass.width(text[i]);
        }
        return end;
    }

    /// The end of the match that begins at `start`, or `start` when none does.
    private static int match(char[] text, int start, int end) {
        int bits = CharacterClass.at(text, start, end);
        int second = start + CharacterClass.width(text[start]);
        int secondBits = second < end ? CharacterClass.at(text, second, end) : 0;
        if (isAsciiPunctuation(text[start]) && second < end && isAsciiLetter(text[second])) {
            return skipAsciiLetters(text, second, end);
        }
        if ((bits & NOT_BEFORE_WORD) == 0 && (secondBits & WORD) != 0) {
            return CharacterClass.skip(text, second, end, WORD);
        }
        if ((bits & WORD) != 0) {
            return CharacterClass.skip(text, start, end, WORD);
        }
        boolean spaced = text[start] == ' ' && (secondBits & PUNCTUATION) != 0;
        if (spaced || (bits & PUNCTUATION) != 0) {
            int symbols = CharacterClass.skip(text, second, end, PUNCTUATION);
            return CharacterClass.skip(text, symbols, end, NEWLINE);
        }
        return (bits & SPACE) != 0 ? WhiteSpace.endByLines(text, start, end) : start;
    }

    private static int skipAsciiLetters(char[] text, int start, int end) {
        int i = start;
        while (i < end && isAsciiLetter(text[i])) {
            i++;
        }
        return i;
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isAsciiPunctuation(char c) {
        return c < 0x80 && (CharacterClass.of(c) & PUNCTUATION) != 0;
    }
}
