package dev.stator.engine.hints;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// The workers a request must go to, by their unsigned instance ids.
///
/// @param backend for a fleet whose workers do everything
/// @param decode for the tokens after the first
/// @param decodeRank the rank of `backend` or `decode`
/// @param prefill for the prompt
/// @param prefillRank the rank of `prefill`
/// @param allowed the only ones it may go to, where none of these is named; absent for any
public record WorkerPins(
        OptionalLong backend,
        OptionalLong decode,
        OptionalInt decodeRank,
        OptionalLong prefill,
        OptionalInt prefillRank,
        Optional<Set<Long>> allowed) {

    public static final WorkerPins NONE =
            new WorkerPins(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalInt.empty(),
                    OptionalLong.empty(),
                    OptionalInt.empty());

    /// Pins without a list of what is allowed.
    public WorkerPins(
            OptionalLong backend,
            OptionalLong decode,
            OptionalInt decodeRank,
            OptionalLong prefill,
            OptionalInt prefillRank) {
        this(backend, decode, decodeRank, prefill, prefillRank, Optional.empty());
    }

    public WorkerPins {
        allowed = allowed.map(Set::copyOf);
        refuseNegative(decodeRank);
        refuseNegative(prefillRank);
    }

    /// The same with another rank of `backend` or `decode`.
    public WorkerPins withDecodeRank(OptionalInt rank) {
        return new WorkerPins(backend, decode, rank, prefill, prefillRank);
    }

    /// Where the output comes from: `decode`, or else `backend`.
    public OptionalLong worker() {
        return decode.isPresent() ? decode : backend;
    }

    private static void refuseNegative(OptionalInt rank) {
        if (rank.orElse(0) < 0) {
            throw new IllegalArgumentException("rank must not be negative: " + rank.getAsInt());
        }
    }
}
