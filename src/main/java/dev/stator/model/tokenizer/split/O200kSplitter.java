package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.LETTER;
import static dev.stator.model.tokenizer.split.CharacterClass.LOWER;
import static dev.stator.model.tokenizer.split.CharacterClass.NEWLINE;
import static dev.stator.model.tokenizer.split.CharacterClass.NUMBER;
import static dev.stator.model.tokenizer.split.CharacterClass.SPACE;
import static dev.stator.model.tokenizer.split.CharacterClass.UPPER;

/// Matches the patterns that stem from o200k: words break where lower case turns to upper, and with
/// [O200K][#O200K] (gpt-oss, Llama 4) they keep their contraction.
///
/// Letters without case and marks count as both cases, and a mark may also be the one character
/// that words take before them; that is why the two word alternatives are tried with and without
/// that character.
final class O200kSplitter implements Splitter {
    static final String O200K =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    static final String TEKKEN =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final int WORDLESS = SPACE | LETTER | NUMBER;

    private final boolean contractions;
    private final int digitsMax;

    /// @param contractions whether a word takes the contraction after it
    /// @param digitsMax how many digits make one piece at most
    O200kSplitter(boolean contractions, int digitsMax) {
        this.contractions = contractions;
        this.digitsMax = digitsMax;
    }

    @Override
    public int next(char[] text, int start, int end) {
        int word = word(text, start, end);
        if (word > start) {
            return contractions ? Contraction.end(text, word, end, true) : word;
        }
        int bits = CharacterClass.at(text, start, end);
        if ((bits & NUMBER) != 0) {
            return CharacterClass.skip(text, start, end, NUMBER, digitsMax);
        }
        int first = text[start] == ' ' && start + 1 < end ? start + 1 : start;
        if ((CharacterClass.at(text, first, end) & WORDLESS) == 0) {
            int symbols = CharacterClass.skipOthers(text, first, end, WORDLESS);
            return skipNewlinesAndSlashes(text, symbols, end);
        }
        return WhiteSpace.endByLines(text, start, end);
    }

    /// The end of a word that begins at `start`, contraction apart, or `start` when none does.
    private static int word(char[] text, int start, int end) {
        boolean mayPrecede =
                (CharacterClass.at(text, start, end) & (LETTER | NUMBER | NEWLINE)) == 0;
        int second = mayPrecede ? start + CharacterClass.width(text[start]) : start;
        int match = endingLower(text, second, end);
        if (match == second && mayPrecede) {
            match = endingLower(text, start, end);
            if (match > start) {
                return match;
            }
            match = beginningUpper(text, second, end);
            return match > second ? match : beginningUpper(text, start, end);
        }
        return match > second ? match : beginningUpper(text, start, end);
    }

    /// The end of upper* lower+ at `start`, or `start`. When no lower one follows the run of upper
    /// ones, the run is cut back to its last character that counts as both.
    private static int endingLower(char[] text, int start, int end) {
        int upper = CharacterClass.skip(text, start, end, UPPER);
        int lower = CharacterClass.skip(text, upper, end, LOWER);
        if (lower > upper) {
            return lower;
        }
        int i = upper;
        while (i > start && (LOWER & before(text, i, start)) == 0) {
            i -= Character.isLowSurrogate(text[i - 1]) ? 2 : 1;
        }
        return i;
    }

    /// The end of upper+ lower* at `start`, or `start`.
    private static int beginningUpper(char[] text, int start, int end) {
        int upper = CharacterClass.skip(text, start, end, UPPER);
        return upper == start ? start : CharacterClass.skip(text, upper, end, LOWER);
    }

    private static int before(char[] text, int i, int start) {
        return CharacterClass.of(Character.codePointBefore(text, i, start));
    }

    private static int skipNewlinesAndSlashes(char[] text, int start, int end) {
        int i = start;
        while (i < end && (text[i] == '\r' || text[i] == '\n' || text[i] == '/')) {
            i++;
        }
        return i;
    }
}
