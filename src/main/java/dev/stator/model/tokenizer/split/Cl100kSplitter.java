package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.NEWLINE;
import static dev.stator.model.tokenizer.split.CharacterClass.NUMBER;
import static dev.stator.model.tokenizer.split.CharacterClass.SPACE;

/// Matches the patterns that stem from cl100k: words take one symbol or space before them, runs of
/// symbols take the line breaks after them.
final class Cl100kSplitter implements Splitter {
    static final String LLAMA3 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    static final String QWEN2 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    static final String QWEN35 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final int word;
    private final int wordless;
    private final int digitsMax;

    /// @param word the classes that words are made of
    /// @param digitsMax how many digits make one piece at most
    Cl100kSplitter(int word, int digitsMax) {
        this.word = word;
        this.wordless = SPACE | NUMBER | word;
        this.digitsMax = digitsMax;
    }

    @Override
    public int next(char[] text, int start, int end) {
        int bits = CharacterClass.at(text, start, end);
        if ((bits & word) != 0) {
            return CharacterClass.skip(text, start, end, word);
        }
        if ((bits & NUMBER) != 0) {
            return CharacterClass.skip(text, start, end, NUMBER, digitsMax);
        }
        int contraction = Contraction.end(text, start, end, true);
        if (contraction > start) {
            return contraction;
        }
        int second = start + CharacterClass.width(text[start]);
        int secondBits = second < end ? CharacterClass.at(text, second, end) : SPACE;
        if ((bits & NEWLINE) == 0 && (secondBits & word) != 0) {
            return CharacterClass.skip(text, second, end, word);
        }
        if ((bits & SPACE) == 0 || (text[start] == ' ' && (secondBits & wordless) == 0)) {
            int symbols = CharacterClass.skipOthers(text, second, end, wordless);
            return CharacterClass.skip(text, symbols, end, NEWLINE);
        }
        return WhiteSpace.endByLines(text, start, end);
    }
}
