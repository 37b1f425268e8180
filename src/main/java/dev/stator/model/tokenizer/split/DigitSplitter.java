package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.NUMBER;

/// Separates numbers from the rest, in pieces of some digits each: `\p{N}`, `\p{N}{1,3}`, `\p{N}+`.
final class DigitSplitter implements Splitter {
    static final String UP_TO_THREE = "\\p{N}{1,3}";

    private final int digitsMax;

    DigitSplitter(int digitsMax) {
        this.digitsMax = digitsMax;
    }

    @Override
    public int next(char[] text, int start, int end) {
        int digits = CharacterClass.skip(text, start, end, NUMBER, digitsMax);
        return digits > start ? digits : CharacterClass.skipOthers(text, start, end, NUMBER);
    }
}
