package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

import java.util.List;

/// One request as the router sees it.
///
/// @param promptTokens length of the prompt, the tail that fills no block included
/// @param candidates workers that may serve it
public record RoutingQuery(
        String requestId, int promptTokens, TokenBlocks blocks, List<Candidate> candidates) {
    public RoutingQuery {
        candidates = List.copyOf(candidates);
        if (promptTokens < 1 || blocks.count() > promptTokens / blocks.blockSizeTokens()) {
            throw new IllegalArgumentException(
                    "prompt of %d tokens cannot have %s".formatted(promptTokens, blocks));
        }
    }

    /// A worker that may be selected.
    ///
    /// @param totalBlocks KV blocks it has
    public record Candidate(WorkerId worker, int totalBlocks) {}
}
