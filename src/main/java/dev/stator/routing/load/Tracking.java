package dev.stator.routing.load;

import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.tokens.TokenBlocks;

import java.util.random.RandomGenerator;

/// What of a request is charged to its worker.
///
/// @param activeBlocks the blocks of its prompt
/// @param outputBlocks the blocks that its output fills
/// @param prefillTokens the part of its prompt that is to be computed
/// @param assumesReuse whether requests with equal blocks share them, and they count once
/// @param sequenceStride one of so many blocks of a prompt is remembered
public record Tracking(
        boolean activeBlocks,
        boolean outputBlocks,
        boolean prefillTokens,
        boolean assumesReuse,
        int sequenceStride) {

    private static final int STRIDE_MAX = 65_536; // blocks: more than prompts have

    public static final Tracking DEFAULT = new Tracking(true, false, true, true);

    public Tracking {
        if (sequenceStride < 1 || sequenceStride > STRIDE_MAX) {
            throw new IllegalArgumentException(
                    "router-active-sequence-stride must be in [1, %d]: %d"
                            .formatted(STRIDE_MAX, sequenceStride));
        }
    }

    /// Of which every block is remembered.
    public Tracking(
            boolean activeBlocks,
            boolean outputBlocks,
            boolean prefillTokens,
            boolean assumesReuse) {
        this(activeBlocks, outputBlocks, prefillTokens, assumesReuse, 1);
    }

    /// The same with another stride.
    public Tracking withSequenceStride(int stride) {
        return new Tracking(activeBlocks, outputBlocks, prefillTokens, assumesReuse, stride);
    }

    /// The same with what one request sets for itself.
    public Tracking with(ConfigOverrides overrides) {
        return new Tracking(
                activeBlocks,
                outputBlocks,
                overrides.trackPrefillTokens().orElse(prefillTokens),
                overrides.assumeKvReuse().orElse(assumesReuse),
                sequenceStride);
    }

    /// The blocks a request with these blocks is charged for: none, these, or as many of its own.
    ///
    /// @param random makes names that no other request has
    public TokenBlocks charged(TokenBlocks blocks, RandomGenerator random) {
        if (!activeBlocks) {
            return TokenBlocks.of(blocks.blockSizeTokens());
        }
        return assumesReuse
                ? blocks
                : TokenBlocks.of(blocks.blockSizeTokens(), random.longs(blocks.count()).toArray());
    }
}
