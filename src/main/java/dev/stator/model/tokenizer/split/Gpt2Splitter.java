package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.LETTER;
import static dev.stator.model.tokenizer.split.CharacterClass.NUMBER;
import static dev.stator.model.tokenizer.split.CharacterClass.SPACE;

/// Matches [PATTERN][#PATTERN], the split of GPT-2 and of every `ByteLevel` pre-tokenizer.
final class Gpt2Splitter implements Splitter {
    static final String PATTERN =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    @Override
    public int next(char[] text, int start, int end) {
        int contraction = Contraction.end(text, start, end, false);
        if (contraction > start) {
            return contraction;
        }
        int first = text[start] == ' ' && start + 1 < end ? start + 1 : start;
        int bits = CharacterClass.at(text, first, end);
        if ((bits & SPACE) != 0) {
            return WhiteSpace.end(text, start, end);
        }
        return switch (bits & (LETTER | NUMBER)) {
            case LETTER -> CharacterClass.skip(text, first, end, LETTER);
            case NUMBER -> CharacterClass.skip(text, first, end, NUMBER);
            default -> CharacterClass.skipOthers(text, first, end, SPACE | LETTER | NUMBER);
        };
    }
}
