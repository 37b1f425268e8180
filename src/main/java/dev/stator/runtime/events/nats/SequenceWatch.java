package dev.stator.runtime.events.nats;

import java.util.LinkedHashMap;
import java.util.Map;

/// Finds out from the sequence numbers of one topic how many events never arrived. Not thread-safe.
///
/// A publisher whose numbers go back is left alone from then on: before Dynamo 1.4 all publishers
/// of a process had the same id, and the distances between their numbers mean nothing.
final class SequenceWatch {
    private static final long AMBIGUOUS = -1;

    private final Map<Long, Long> expected;

    /// @param publishersMax that are remembered; the one not heard for longest goes first
    SequenceWatch(int publishersMax) {
        this.expected =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                        return size() > publishersMax;
                    }
                };
    }

    /// How many events of the publisher are missing before this one; none before its first.
    long missing(long publisherId, long sequence) {
        long next = expected.getOrDefault(publisherId, sequence);
        if (next == AMBIGUOUS) {
            return 0;
        }
        expected.put(publisherId, sequence < next ? AMBIGUOUS : sequence + 1);
        return Math.max(0, sequence - next);
    }

    /// Begins anew: a loss was reported that covers whatever is missing.
    void forget() {
        expected.clear();
    }
}
