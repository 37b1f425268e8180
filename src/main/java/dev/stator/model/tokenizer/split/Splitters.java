package dev.stator.model.tokenizer.split;

import static dev.stator.model.tokenizer.split.CharacterClass.LETTER;
import static dev.stator.model.tokenizer.split.CharacterClass.MARK;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The splitters there are, by what a tokenizer file calls them.
public final class Splitters {
    private static final Map<String, Splitter> BY_PATTERN =
            Map.ofEntries(
                    Map.entry(Gpt2Splitter.PATTERN, new Gpt2Splitter()),
                    Map.entry(Cl100kSplitter.LLAMA3, new Cl100kSplitter(LETTER, 3)),
                    Map.entry(Cl100kSplitter.QWEN2, new Cl100kSplitter(LETTER, 1)),
                    Map.entry(Cl100kSplitter.QWEN35, new Cl100kSplitter(LETTER | MARK, 1)),
                    Map.entry(O200kSplitter.O200K, new O200kSplitter(true, 3)),
                    Map.entry(O200kSplitter.TEKKEN, new O200kSplitter(false, 1)),
                    Map.entry(DigitSplitter.UP_TO_THREE, new DigitSplitter(3)),
                    Map.entry(EastAsianSplitter.PATTERN, new EastAsianSplitter()),
                    Map.entry(DeepSeekSplitter.PATTERN, new DeepSeekSplitter()));

    private static final Set<String> LEAVING_GAPS =
            Set.of(DigitSplitter.UP_TO_THREE, EastAsianSplitter.PATTERN, DeepSeekSplitter.PATTERN);

    private Splitters() {}

    /// What cuts text into the matches of exactly this regular expression and what lies between
    /// them, if it is a known one.
    public static Optional<Splitter> matching(String regex) {
        return Optional.ofNullable(BY_PATTERN.get(regex));
    }

    /// Whether every character of any text is in some match of this known regular expression.
    public static boolean leavesNoGaps(String regex) {
        return !LEAVING_GAPS.contains(regex);
    }

    /// The split of a `ByteLevel` pre-tokenizer with `use_regex`.
    public static Splitter byteLevel() {
        return new Gpt2Splitter();
    }

    /// The split of a `Digits` pre-tokenizer.
    public static Splitter digits(boolean individually) {
        return new DigitSplitter(individually ? 1 : Integer.MAX_VALUE);
    }

    /// Whether `c` is white space as patterns see it; no character beyond the basic plane is.
    public static boolean isSpace(char c) {
        return (CharacterClass.of(c) & CharacterClass.SPACE) != 0;
    }
}
