package dev.stator.routing.wire;

import dev.stator.kv.cache.WorkerId;

import java.util.List;
import java.util.Map;

/// What a router answers, Dynamo's `RouterResponse`.
public sealed interface RouterAnswer {

    /// A worker was booked.
    ///
    /// @param overlapBlocks leading blocks of the prompt that it holds
    record Selected(WorkerId worker, int overlapBlocks) implements RouterAnswer {}

    /// Whether the request to be marked was known.
    record PrefillMarked(boolean success) implements RouterAnswer {}

    /// Whether the request to be freed was known.
    record FreeMarked(boolean success) implements RouterAnswer {}

    /// What each worker would carry, and what waits for one.
    ///
    /// @param waitingTokens prompt tokens of the requests that wait
    record Loads(List<PotentialLoad> loads, int waitingRequests, long waitingTokens)
            implements RouterAnswer {
        public Loads {
            loads = List.copyOf(loads);
        }
    }

    /// Leading blocks held by each worker that holds any.
    record Scores(Map<WorkerId, Integer> blocks) implements RouterAnswer {
        public Scores {
            blocks = Map.copyOf(blocks);
        }
    }

    /// Nobody can serve the request, or the question cannot be answered.
    record Refused(String message) implements RouterAnswer {}

    /// One worker with the request added.
    ///
    /// @param prefillTokens waiting for their prefill, what the worker holds not counted
    record PotentialLoad(
            WorkerId worker, long prefillTokens, int decodeBlocks, int activeRequests) {}
}
