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
public record Tracking(
        boolean activeBlocks, boolean outputBlocks, boolean prefillTokens, boolean assumesReuse) {

    public static final Tracking DEFAULT = new Tracking(true, false, true, true);

    /// The same with what one request sets for itself.
    public Tracking with(ConfigOverrides overrides) {
        return new Tracking(
                activeBlocks,
                outputBlocks,
                overrides.trackPrefillTokens().orElse(prefillTokens),
                overrides.assumeKvReuse().orElse(assumesReuse));
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
