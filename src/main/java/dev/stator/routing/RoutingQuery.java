package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.eligibility.Capacity;
import dev.stator.routing.eligibility.Placeable;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.load.Demand;
import dev.stator.routing.load.Tracking;
import dev.stator.tokens.TokenBlocks;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// One request as the router sees it.
///
/// @param promptTokens length of the prompt, the tail that fills no block included
/// @param candidates workers that may serve it
/// @param hints what it says to the router about itself
public record RoutingQuery(
        String requestId,
        int promptTokens,
        TokenBlocks blocks,
        List<Candidate> candidates,
        RoutingHints hints) {
    public RoutingQuery {
        candidates = List.copyOf(candidates);
    }

    /// A query without hints.
    public RoutingQuery(
            String requestId, int promptTokens, TokenBlocks blocks, List<Candidate> candidates) {
        this(requestId, promptTokens, blocks, candidates, RoutingHints.NONE);
    }

    /// What it asks of the worker that gets it.
    Demand demand(Tracking tracking, RandomGenerator random) {
        return new Demand(
                requestId,
                promptTokens,
                tracking.charged(blocks, random),
                hints.expectedOutputTokens(),
                tracking.prefillTokens(),
                hints.adapter());
    }

    /// The same with fewer workers.
    RoutingQuery with(List<Candidate> eligible) {
        return eligible.size() == candidates.size()
                ? this
                : new RoutingQuery(requestId, promptTokens, blocks, eligible, hints);
    }

    /// A worker that may be selected.
    ///
    /// @param taints the kinds of worker it says it is
    /// @param isSeen whether it tells what its cache holds
    /// @param adapters what it has loaded besides the model
    /// @param isOnProcessors whether it says that it runs on processors alone
    public record Candidate(
            WorkerId worker,
            Capacity capacity,
            Set<String> taints,
            boolean isSeen,
            Set<String> adapters,
            boolean isOnProcessors)
            implements Placeable {
        public Candidate {
            taints = Set.copyOf(taints);
            adapters = Set.copyOf(adapters);
        }

        /// A worker without adapters that names neither its device nor how large its batches are.
        public Candidate(WorkerId worker, int totalBlocks, Set<String> taints, boolean isSeen) {
            this(worker, new Capacity(totalBlocks, 0), taints, isSeen, Set.of(), false);
        }

        /// One that tells what its cache holds.
        public Candidate(WorkerId worker, int totalBlocks, Set<String> taints) {
            this(worker, totalBlocks, taints, true);
        }

        /// A worker of no special kind.
        public Candidate(WorkerId worker, int totalBlocks) {
            this(worker, totalBlocks, Set.of());
        }

        /// KV blocks it has.
        public int totalBlocks() {
            return capacity.totalBlocks();
        }
    }
}
