package dev.stator.routing.admission;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The waiting requests of one tenant in one tier, and what it may send in by its turns.
final class TenantQueue<T> {
    /// Who has the most waiting.
    static final Comparator<TenantQueue<?>> BY_WAITING =
            Comparator.<TenantQueue<?>>comparingLong(it -> it.uncachedTokens)
                    .thenComparing(it -> it.tenant);

    private final String tenant;
    private final NavigableSet<Waiting<T>> waiting = new TreeSet<>(Waiting.ORDER);
    private long uncachedTokens;
    private final Turn turn = new Turn();

    TenantQueue(String tenant) {
        this.tenant = tenant;
    }

    String tenant() {
        return tenant;
    }

    long uncachedTokens() {
        return uncachedTokens;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    NavigableSet<Waiting<T>> waiting() {
        return waiting;
    }

    void add(Waiting<T> place) {
        waiting.add(place);
        uncachedTokens += place.cost();
    }

    void remove(Waiting<T> place) {
        if (!waiting.remove(place)) {
            throw new IllegalStateException("does not wait: " + place.item());
        }
        uncachedTokens -= place.cost();
    }

    /// Begins the turn unless it has begun; whether the first request can be afforded.
    boolean canGo(long quantumTokens) {
        return turn.affords(waiting.first().cost(), quantumTokens);
    }

    void endTurn() {
        turn.end();
    }

    /// Removes the first request and charges it.
    Waiting<T> takeFirst() {
        Waiting<T> first = waiting.first();
        remove(first);
        turn.spend(first.cost());
        return first;
    }

    /// Uncached tokens that go before `place`, which need not be in here.
    long tokensBefore(Waiting<T> place) {
        long behind = 0;
        for (Waiting<T> each : waiting.tailSet(place, false)) {
            behind += each.cost();
        }
        return uncachedTokens - behind - (waiting.contains(place) ? place.cost() : 0);
    }

    void checkInvariants() {
        long sum = waiting.stream().mapToLong(Waiting::cost).sum();
        if (waiting.isEmpty() || sum != uncachedTokens || turn.credit() < 0) {
            throw new IllegalStateException(
                    "tenant \"%s\": %d waiting, %d tokens of %d, credit %d"
                            .formatted(tenant, waiting.size(), uncachedTokens, sum, turn.credit()));
        }
    }
}
