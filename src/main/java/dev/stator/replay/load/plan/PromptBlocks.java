package dev.stator.replay.load.plan;

import java.util.Arrays;

/// A prompt as the names of its blocks: equal names at its beginning are equal tokens.
///
/// The last block may be cut. Which tokens a name stands for is said by `BlockTokens`.
public final class PromptBlocks {
    private final long[] ids;
    private final int blockTokens;
    private final int tokens;

    /// Copies `ids`.
    ///
    /// @param blockTokens tokens of a whole block
    /// @param tokens of the prompt, as many as the blocks have room for or less
    public PromptBlocks(long[] ids, int blockTokens, int tokens) {
        if (blockTokens < 1 || tokens < 1 || tokens > (long) ids.length * blockTokens) {
            throw new IllegalArgumentException(
                    "a prompt must have 1 to %d x %d tokens: %d"
                            .formatted(ids.length, blockTokens, tokens));
        }
        this.ids = ids.clone();
        this.blockTokens = blockTokens;
        this.tokens = tokens;
    }

    public int tokens() {
        return tokens;
    }

    public int blockTokens() {
        return blockTokens;
    }

    /// The name of the block that holds the token at `position`.
    long id(int position) {
        return ids[position / blockTokens];
    }

    @Override
    public String toString() {
        return tokens + " tokens in blocks of " + blockTokens + ": " + Arrays.toString(ids);
    }
}
