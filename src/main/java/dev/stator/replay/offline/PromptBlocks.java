package dev.stator.replay.offline;

import dev.stator.replay.trace.BlockIds;
import dev.stator.tokens.TokenBlocks;

/// Turns the ids of a trace into block hashes: equal ids, equal hashes.
final class PromptBlocks {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private PromptBlocks() {}

    static TokenBlocks of(BlockIds ids, int blockSizeTokens) {
        long[] hashes = ids.toArray();
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = mix(hashes[i]);
        }
        return TokenBlocks.of(blockSizeTokens, hashes);
    }

    private static long mix(long id) {
        long z = (id + 1) * GOLDEN_RATIO;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        return z ^ (z >>> 31);
    }
}
