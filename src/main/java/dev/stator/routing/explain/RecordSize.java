package dev.stator.routing.explain;

import dev.stator.routing.RoutingChoice;
import dev.stator.routing.explain.DecisionRecord.Asked;

/// What a decision takes of the heap, as estimated from its parts: an upper bound for objects with
/// headers of 12 bytes and references of 4.
final class RecordSize {
    private static final long FIXED_BYTES = 700; // the record, its outcome and its map entries
    private static final long ADAPTER_BYTES = 40; // its name without the letters
    private static final long CANDIDATE_BYTES = 320;
    private static final long TERM_BYTES = 32;
    private static final long REPLICATED_BLOCK_BYTES = 16;

    private RecordSize() {}

    /// Does not depend on the outcome, which has its place from the beginning.
    static long bytes(DecisionRecord decision) {
        Asked asked = decision.asked();
        long adapter =
                asked.target().adapter().map(it -> ADAPTER_BYTES + 2L * it.length()).orElse(0L);
        long names = 2L * asked.requestId().length() + adapter;
        return FIXED_BYTES + names + decision.choice().map(RecordSize::bytes).orElse(0L);
    }

    private static long bytes(RoutingChoice choice) {
        long replicated =
                choice.rebalance()
                        .map(it -> REPLICATED_BLOCK_BYTES * it.prefix().count())
                        .orElse(0L);
        return replicated
                + choice.candidates().stream()
                        .mapToLong(it -> CANDIDATE_BYTES + TERM_BYTES * it.cost().terms().size())
                        .sum();
    }
}
