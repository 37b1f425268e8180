package dev.stator.kv.cache;

import java.util.Comparator;

/// What holds blocks and takes requests: one data-parallel rank of a process that serves an engine.
/// Most engines have one rank, rank 0.
///
/// @param value equal to the process's instance id in discovery, an unsigned number
/// @param rank of the engine, from 0 on; Dynamo's `dp_rank`
public record WorkerId(long value, int rank) implements Comparable<WorkerId> {
    private static final Comparator<WorkerId> ORDER =
            Comparator.<WorkerId, Long>comparing(WorkerId::value, Long::compareUnsigned)
                    .thenComparingInt(WorkerId::rank);

    public WorkerId {
        if (rank < 0) {
            throw new IllegalArgumentException("rank must not be negative: " + rank);
        }
    }

    /// The only rank of a process.
    public WorkerId(long value) {
        this(value, 0);
    }

    @Override
    public int compareTo(WorkerId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String process = Long.toHexString(value);
        return rank == 0 ? process : process + "." + rank;
    }
}
