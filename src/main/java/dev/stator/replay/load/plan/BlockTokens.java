package dev.stator.replay.load.plan;

import dev.stator.tokens.TokenIds;

/// Makes tokens of block names: `token[j] = first + mix(name, j) mod count`, so that equal names
/// are equal tokens on every machine and in every run.
///
/// @param first the smallest id
/// @param count how many ids there are
public record BlockTokens(int first, int count) {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final int LETTERS = 26;
    private static final int WORD_LETTERS = 3;

    public BlockTokens {
        if (first < 0 || count < 1) {
            throw new IllegalArgumentException(
                    "first must not be negative, count must be positive: " + first + ", " + count);
        }
    }

    public TokenIds ids(PromptBlocks prompt) {
        int[] ids = new int[prompt.tokens()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = first + (int) Long.remainderUnsigned(mix(prompt, i), count);
        }
        return TokenIds.of(ids);
    }

    /// Text for servers that take no ids: a word of three letters and a space for each token.
    public String text(PromptBlocks prompt) {
        var text = new StringBuilder(prompt.tokens() * (WORD_LETTERS + 1));
        for (int i = 0; i < prompt.tokens(); i++) {
            long word = Long.remainderUnsigned(mix(prompt, i), count);
            for (int letter = 0; letter < WORD_LETTERS; letter++) {
                text.append((char) ('a' + word % LETTERS));
                word /= LETTERS;
            }
            text.append(' ');
        }
        return text.toString();
    }

    private static long mix(PromptBlocks prompt, int position) {
        long x = prompt.id(position) * GOLDEN + position % prompt.blockTokens();
        long y = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        long z = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
