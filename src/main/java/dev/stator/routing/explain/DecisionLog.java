package dev.stator.routing.explain;

import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.Verdict;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The last decisions, for explanation. Thread-safe; every operation on one decision is O(1).
///
/// The oldest gives way when there are too many, when they are too large together, or when it is
/// too old, whatever comes first.
public final class DecisionLog {
    private final Limits limits;
    private final InstantSource clock;
    private final SequencedMap<Long, DecisionRecord> records =
            new LinkedHashMap<>(); // guarded by this; by number, oldest first
    private final Map<String, List<Long>> numbers = new HashMap<>(); // guarded by this; by request
    private long next; // guarded by this
    private long bytes; // guarded by this; estimated

    /// How much is remembered.
    public record Limits(int decisionsMax, long bytesMax, Duration ageMax) {
        public static final Limits DEFAULT = new Limits(4_096, 16L << 20, Duration.ofHours(1));

        public Limits {
            if (decisionsMax < 1 || bytesMax < 1 || !ageMax.isPositive()) {
                throw new IllegalArgumentException(
                        "limits must be positive: %d decisions, %d bytes, %s"
                                .formatted(decisionsMax, bytesMax, ageMax));
            }
        }
    }

    public DecisionLog(Limits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    public Limits limits() {
        return limits;
    }

    /// Remembers a decision.
    public synchronized DecisionRecord add(Asked asked, Verdict verdict) {
        var added = new DecisionRecord(next++, asked, verdict, Optional.empty());
        records.put(added.number(), added);
        numbers.computeIfAbsent(asked.requestId(), _ -> new ArrayList<>(1)).add(added.number());
        bytes += RecordSize.bytes(added);
        forget();
        return added;
    }

    /// Adds what came of a decision, if it is still remembered.
    public synchronized DecisionRecord complete(DecisionRecord decided, Outcome outcome) {
        DecisionRecord completed = decided.with(outcome);
        records.replace(decided.number(), completed);
        return completed;
    }

    /// What is remembered, newest first, at most `limit`.
    public synchronized List<DecisionRecord> recent(int limit) {
        forget();
        return records.sequencedValues().reversed().stream().limit(limit).toList();
    }

    /// What is remembered about a request, its first attempt first.
    public synchronized List<DecisionRecord> about(String requestId) {
        forget();
        return numbers.getOrDefault(requestId, List.of()).stream()
                .map(it -> Objects.requireNonNull(records.get(it)))
                .toList();
    }

    /// Bytes that are held, as estimated.
    public synchronized long bytes() {
        return bytes;
    }

    private void forget() {
        Instant oldest = clock.instant().minus(limits.ageMax());
        Iterator<DecisionRecord> oldestFirst = records.values().iterator();
        while (oldestFirst.hasNext()) {
            DecisionRecord first = oldestFirst.next();
            if (fits() && !first.asked().timing().at().isBefore(oldest)) {
                return;
            }
            oldestFirst.remove();
            forget(first);
        }
    }

    private boolean fits() {
        return records.size() <= limits.decisionsMax() && bytes <= limits.bytesMax();
    }

    private void forget(DecisionRecord removed) {
        bytes -= RecordSize.bytes(removed);
        List<Long> ofRequest = numbers.get(removed.asked().requestId());
        if (ofRequest != null) {
            ofRequest.remove(removed.number());
            if (ofRequest.isEmpty()) {
                numbers.remove(removed.asked().requestId());
            }
        }
    }

    /// Throws `IllegalStateException` on a contradiction.
    synchronized void checkInvariants() {
        int named = numbers.values().stream().mapToInt(List::size).sum();
        long sum = records.values().stream().mapToLong(RecordSize::bytes).sum();
        if (named != records.size() || sum != bytes) {
            throw new IllegalStateException(
                    "%d records, %d named; %d bytes, %d counted"
                            .formatted(records.size(), named, sum, bytes));
        }
    }
}
