package dev.stator.replay.load.plan;

import dev.stator.tokens.SplitMix64;
import dev.stator.tokens.TokenIds;

import java.util.List;

/// Makes tokens of block names: `token[j] = first + mix(name, j) mod count`, so that equal names
/// are equal tokens on every machine and in every run.
///
/// @param first the smallest id
/// @param count how many ids there are
public record BlockTokens(int first, int count) {
    /// Words that are one token in most vocabularies, four characters with the space on average.
    private static final List<String> WORDS =
            List.of(
                    ("the of and to in is it you that he was for on are as with his they at be this"
                                    + " or had by but not we can out all use how her she two has"
                                    + " him see day did who may now any new way our day man too own"
                                    + " say saw set put end why let men old get big boy air act")
                            .split(" "));

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

    /// Text for servers that take no ids: a common word and a space for each token.
    public String text(PromptBlocks prompt) {
        var text = new StringBuilder(prompt.tokens() * 4);
        for (int i = 0; i < prompt.tokens(); i++) {
            text.append(WORDS.get((int) Long.remainderUnsigned(mix(prompt, i), WORDS.size())));
            text.append(' ');
        }
        return text.toString();
    }

    private static long mix(PromptBlocks prompt, int position) {
        return SplitMix64.mix(
                prompt.id(position) * SplitMix64.GAMMA + position % prompt.blockTokens());
    }
}
