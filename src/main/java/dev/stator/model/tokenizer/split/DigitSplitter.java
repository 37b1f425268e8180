package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.NUMBER;

/// Separates numbers from the rest: each digit alone, or each run of them.
final class DigitSplitter implements Splitter {
    private final boolean individually;

    DigitSplitter(boolean individually) {
        this.individually = individually;
    }

    @Override
    public int next(char[] text, int start, int end) {
        if ((CharacterClass.at(text, start, end) & NUMBER) == 0) {
            return CharacterClass.skipOthers(text, start, end, NUMBER);
        }
        return individually
                ? start + CharacterClass.width(text[start])
                : CharacterClass.skip(text, start, end, NUMBER);
    }
}
