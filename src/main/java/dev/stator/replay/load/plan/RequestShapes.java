package dev.stator.replay.load.plan;

import java.util.ArrayList;
import java.util.List;

/// Makes prompts of one size that share their beginnings in groups.
///
/// @param inputTokens of a prompt
/// @param prefixTokens at its beginning that it shares with its group; rounded down to blocks
/// @param groups how many beginnings there are, used in turn
/// @param outputTokens asked for
public record RequestShapes(int inputTokens, int prefixTokens, int groups, int outputTokens) {
    private static final int BLOCK_TOKENS = 16;

    /// Names of groups have this bit, those of single prompts do not.
    private static final long GROUP = 1L << 42;

    /// Blocks of one prompt have names in a row.
    private static final int BLOCK_BITS = 20;

    public RequestShapes {
        if (inputTokens < 1 || inputTokens >= BLOCK_TOKENS << BLOCK_BITS) {
            throw new IllegalArgumentException("input-tokens must be positive: " + inputTokens);
        }
        if (prefixTokens < 0 || prefixTokens > inputTokens || groups < 1) {
            throw new IllegalArgumentException(
                    "prefix-tokens must be in [0, %d], prefixes positive: %d, %d"
                            .formatted(inputTokens, prefixTokens, groups));
        }
        if (outputTokens < 1) {
            throw new IllegalArgumentException("output-tokens must be positive: " + outputTokens);
        }
    }

    /// The prompt of request `number`.
    ///
    /// @param run distinguishes the prompts of this run from those of others
    public PromptBlocks prompt(long number, long run) {
        int blocks = (inputTokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
        int shared = prefixTokens / BLOCK_TOKENS;
        List<Long> ids = new ArrayList<>(blocks);
        for (int i = 0; i < blocks; i++) {
            long owner = i < shared ? GROUP | number % groups : number;
            ids.add((owner << BLOCK_BITS | i) ^ run);
        }
        long[] names = ids.stream().mapToLong(Long::longValue).toArray();
        return new PromptBlocks(names, BLOCK_TOKENS, inputTokens);
    }
}
