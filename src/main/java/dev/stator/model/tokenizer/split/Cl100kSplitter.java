package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.LETTER;
import static dev.stator.model.tokenizer.split.CharacterClass.NEWLINE;
import static dev.stator.model.tokenizer.split.CharacterClass.NUMBER;
import static dev.stator.model.tokenizer.split.CharacterClass.SPACE;

/// Matches the cl100k family of patterns: [LLAMA3][#LLAMA3], [QWEN2][#QWEN2].
///
/// Alternatives are tried in the pattern's order at every position, and one of them always matches.
final class Cl100kSplitter implements Splitter {
    static final String LLAMA3 = pattern("\\p{N}{1,3}");
    static final String QWEN2 = pattern("\\p{N}");

    private static final int WORDLESS = SPACE | LETTER | NUMBER;

    private final int digitsMax;

    /// @param digitsMax how many digits make one piece at most
    Cl100kSplitter(int digitsMax) {
        this.digitsMax = digitsMax;
    }

    private static String pattern(String numbers) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
                + numbers
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    @Override
    public int next(char[] text, int start, int end) {
        int bits = CharacterClass.at(text, start, end);
        if ((bits & LETTER) != 0) {
            return CharacterClass.skip(text, start, end, LETTER);
        }
        if ((bits & NUMBER) != 0) {
            return digits(text, start, end);
        }
        int contraction = Contraction.end(text, start, end, true);
        if (contraction > start) {
            return contraction;
        }
        int second = start + CharacterClass.width(text[start]);
        int secondBits = second < end ? CharacterClass.at(text, second, end) : SPACE;
        if ((bits & NEWLINE) == 0 && (secondBits & LETTER) != 0) {
            return CharacterClass.skip(text, second, end, LETTER);
        }
        if ((bits & SPACE) == 0 || (text[start] == ' ' && (secondBits & WORDLESS) == 0)) {
            int symbols = CharacterClass.skipOthers(text, second, end, WORDLESS);
            return CharacterClass.skip(text, symbols, end, NEWLINE);
        }
        return WhiteSpace.endByLines(text, start, end);
    }

    private int digits(char[] text, int start, int end) {
        int i = start;
        for (int count = 0; count < digitsMax && i < end; count++) {
            if ((CharacterClass.at(text, i, end) & NUMBER) == 0) {
                break;
            }
            i += CharacterClass.width(text[i]);
        }
        return i;
    }
}
