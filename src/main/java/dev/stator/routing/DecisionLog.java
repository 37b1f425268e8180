package dev.stator.routing;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last decisions, for explanation. Thread-safe; the oldest gives way to the newest.
public final class DecisionLog {

    /// Decisions that are remembered unless configured otherwise.
    public static final int DECISIONS_MAX = 1_024;

    private final @Nullable DecisionRecord[] ring; // guarded by this; at number % length
    private long next;

    public DecisionLog(int decisionsMax) {
        if (decisionsMax < 1) {
            throw new IllegalArgumentException("decisionsMax must be positive: " + decisionsMax);
        }
        this.ring = new DecisionRecord[decisionsMax];
    }

    /// Remembers a decision and returns its number.
    public synchronized long add(DecisionRecord.Decided decided, RoutingDecision decision) {
        long number = next++;
        Optional<RoutingChoice> choice =
                decision instanceof RoutingDecision.Routed routed
                        ? Optional.of(routed.choice())
                        : Optional.empty();
        Optional<String> refusal =
                choice.isPresent() ? Optional.empty() : Optional.of(decision.toString());
        ring[slot(number)] = new DecisionRecord(number, decided, choice, refusal, Optional.empty());
        return number;
    }

    /// Adds what came of a decision, if it is still remembered.
    public synchronized void complete(long number, DecisionRecord.Outcome outcome) {
        DecisionRecord remembered = ring[slot(number)];
        if (remembered != null && remembered.number() == number) {
            ring[slot(number)] = remembered.with(outcome);
        }
    }

    /// What is remembered, newest first, at most `limit`.
    public synchronized List<DecisionRecord> recent(int limit) {
        var recent = new ArrayList<DecisionRecord>();
        for (long number = next - 1; number >= 0 && recent.size() < limit; number--) {
            DecisionRecord remembered = ring[slot(number)];
            if (remembered == null || remembered.number() != number) {
                break;
            }
            recent.add(remembered);
        }
        return recent;
    }

    /// What is remembered about a request, its last attempt first.
    public synchronized List<DecisionRecord> about(String requestId) {
        return recent(ring.length).stream()
                .filter(it -> it.decided().requestId().equals(requestId))
                .toList();
    }

    private int slot(long number) {
        return (int) (number % ring.length);
    }
}
