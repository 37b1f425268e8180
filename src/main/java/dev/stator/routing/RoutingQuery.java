package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.Demand;
import dev.stator.tokens.TokenBlocks;

import java.util.List;
import java.util.OptionalInt;

/// One request as the router sees it.
///
/// @param promptTokens length of the prompt, the tail that fills no block included
/// @param candidates workers that may serve it
public record RoutingQuery(
        String requestId, int promptTokens, TokenBlocks blocks, List<Candidate> candidates) {
    public RoutingQuery {
        candidates = List.copyOf(candidates);
    }

    /// What it asks of the worker that gets it.
    Demand demand() {
        return new Demand(requestId, promptTokens, blocks, OptionalInt.empty());
    }

    /// A worker that may be selected.
    ///
    /// @param totalBlocks KV blocks it has
    public record Candidate(WorkerId worker, int totalBlocks) {}
}
