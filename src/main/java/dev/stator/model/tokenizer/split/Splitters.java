package dev.stator.model.tokenizer.split;

import java.util.Map;
import java.util.Optional;

/// The splitters there are, by what a tokenizer file calls them.
public final class Splitters {
    private static final Map<String, Splitter> BY_PATTERN =
            Map.of(
                    Gpt2Splitter.PATTERN, new Gpt2Splitter(),
                    Cl100kSplitter.LLAMA3, new Cl100kSplitter(3),
                    Cl100kSplitter.QWEN2, new Cl100kSplitter(1));

    private Splitters() {}

    /// The hand-written equivalent of exactly this regular expression, if there is one.
    public static Optional<Splitter> matching(String regex) {
        return Optional.ofNullable(BY_PATTERN.get(regex));
    }

    /// The split of a `ByteLevel` pre-tokenizer with `use_regex`.
    public static Splitter byteLevel() {
        return new Gpt2Splitter();
    }

    /// The split of a `Digits` pre-tokenizer.
    public static Splitter digits(boolean individually) {
        return new DigitSplitter(individually);
    }

    /// Whether `c` is white space as patterns see it; no character beyond the basic plane is.
    public static boolean isSpace(char c) {
        return (CharacterClass.of(c) & CharacterClass.SPACE) != 0;
    }
}
