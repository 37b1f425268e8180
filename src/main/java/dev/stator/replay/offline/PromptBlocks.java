package dev.stator.replay.offline;

import dev.stator.replay.trace.BlockIds;
import dev.stator.tokens.SplitMix64;
import dev.stator.tokens.TokenBlocks;

/// Turns the ids of a trace into block hashes: equal ids, equal hashes.
final class PromptBlocks {
    private PromptBlocks() {}

    static TokenBlocks of(BlockIds ids, int blockSizeTokens) {
        long[] hashes = ids.toArray();
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = SplitMix64.mix((hashes[i] + 1) * SplitMix64.GAMMA);
        }
        return TokenBlocks.of(blockSizeTokens, hashes);
    }
}
