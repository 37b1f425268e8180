package dev.stator.routing.load;

import dev.stator.tokens.TokenBlocks;

import java.util.Optional;
import java.util.OptionalInt;

/// What a request asks of the worker that gets it.
///
/// @param promptTokens length of the prompt, at least 1, the tail that fills no block included
/// @param blocks the complete blocks of the prompt; in traces that name the begun one too, all
/// @param outputTokens how long the answer will be, where the caller says so
/// @param chargesPrefill whether the part of the prompt that is to be computed counts
/// @param adapter of the model that it is for; absent for the model itself
public record Demand(
        String requestId,
        int promptTokens,
        TokenBlocks blocks,
        OptionalInt outputTokens,
        boolean chargesPrefill,
        Optional<String> adapter) {
    public Demand {
        if (promptTokens < 1
                || blocks.count() > Math.ceilDiv(promptTokens, blocks.blockSizeTokens())) {
            throw new IllegalArgumentException(
                    "prompt of %d tokens cannot have %s".formatted(promptTokens, blocks));
        }
    }

    /// Of the model itself, of which all is charged.
    public Demand(
            String requestId, int promptTokens, TokenBlocks blocks, OptionalInt outputTokens) {
        this(requestId, promptTokens, blocks, outputTokens, true, Optional.empty());
    }
}
