package dev.stator.routing.admission;

import dev.stator.routing.admission.policy.PolicyClass;

import java.util.Comparator;
import java.util.TreeMap;

/// The waiting requests of one class: the highest tier goes first, within a tier the tenants take
/// turns.
final class ClassQueue<T> {
    private final PolicyClass policy;
    private final long tenantQuantum;
    private final TreeMap<Long, TierQueue<T>> tiers = new TreeMap<>(Comparator.reverseOrder());
    private final Turn turn = new Turn();
    private ClassUsage usage = ClassUsage.NOTHING;
    private long uncachedTokens;

    ClassQueue(PolicyClass policy, long tenantQuantum) {
        this.policy = policy;
        this.tenantQuantum = tenantQuantum;
    }

    PolicyClass policy() {
        return policy;
    }

    ClassUsage usage() {
        return usage;
    }

    long uncachedTokens() {
        return uncachedTokens;
    }

    boolean isEmpty() {
        return tiers.isEmpty();
    }

    void add(Waiting<T> place) {
        tier(place.applicant().tier()).add(place);
        usage = usage.plus(place.applicant());
        uncachedTokens += place.cost();
    }

    void remove(Waiting<T> place) {
        long tier = place.applicant().tier();
        TierQueue<T> queue = tier(tier);
        queue.remove(place);
        forget(place, tier, queue);
    }

    /// Begins the turn unless it has begun; whether the next request can be afforded.
    boolean canGo() {
        return turn.affords(nextCost(), policy.quantumTokens());
    }

    void endTurn() {
        turn.end();
    }

    /// Turns until the next request can be afforded.
    long turnsToGo() {
        return turn.turnsUntil(nextCost(), policy.quantumTokens());
    }

    void passTurns(long turns) {
        turn.pass(turns, policy.quantumTokens());
    }

    /// Removes who is next and charges it.
    Waiting<T> takeNext() {
        TierQueue<T> first = tiers.firstEntry().getValue();
        Waiting<T> next = first.takeNext();
        turn.spend(next.cost());
        forget(next, tiers.firstKey(), first);
        return next;
    }

    /// Uncached tokens of this tier and those above it.
    long uncachedTokensFrom(long tier) {
        return tiers.headMap(tier, true).values().stream()
                .mapToLong(TierQueue::uncachedTokens)
                .sum();
    }

    /// Uncached tokens of the class that go before a request that came now.
    long tokensBefore(Waiting<T> place) {
        long tier = place.applicant().tier();
        long before = 0;
        for (TierQueue<T> higher : tiers.headMap(tier, false).values()) {
            before += higher.uncachedTokens();
        }
        TierQueue<T> own = tiers.get(tier);
        return own == null ? before : before + own.tokensBefore(place);
    }

    /// Uncached tokens of the class that go in the turns that `tokens` of another class take.
    long tokensBeside(long tokens, ClassQueue<T> other) {
        return Math.min(uncachedTokens, share(tokens, other));
    }

    /// How much is as much for this class as `tokens` are for another one.
    long share(long tokens, ClassQueue<T> other) {
        double ratio = (double) policy.quantumTokens() / other.policy.quantumTokens();
        return (long) Math.ceil(tokens * ratio);
    }

    /// The tenant that gives way first: the one with the most waiting in the lowest tier.
    TenantQueue<T> lowest() {
        return tiers.lastEntry().getValue().largest();
    }

    /// Whether all that waits goes before such a request.
    boolean isAbove(Applicant applicant) {
        return tiers.lastKey() > applicant.tier();
    }

    /// What the tenant that gives way to such a request of the class must be left with.
    long floor(Applicant applicant) {
        TierQueue<T> lowest = tiers.lastEntry().getValue();
        return tiers.lastKey() < applicant.tier()
                ? 0
                : lowest.uncachedTokens(applicant.tenant()) + applicant.cost();
    }

    private long nextCost() {
        return tiers.firstEntry().getValue().nextCost();
    }

    private TierQueue<T> tier(long tier) {
        return tiers.computeIfAbsent(tier, _ -> new TierQueue<>(tenantQuantum));
    }

    private void forget(Waiting<T> place, long tier, TierQueue<T> queue) {
        usage = usage.minus(place.applicant());
        uncachedTokens -= place.cost();
        if (queue.isEmpty()) {
            tiers.remove(tier);
        }
        if (isEmpty()) {
            turn.forfeit();
        }
    }

    void checkInvariants() {
        tiers.values().forEach(TierQueue::checkInvariants);
        int requests = tiers.values().stream().mapToInt(TierQueue::size).sum();
        long tokens = tiers.values().stream().mapToLong(TierQueue::uncachedTokens).sum();
        boolean isRich = turn.credit() < 0 || (isEmpty() && turn.credit() > 0);
        if (requests != usage.requests() || tokens != uncachedTokens || isRich) {
            throw new IllegalStateException(
                    "class %s: %s of %d requests, %d uncached tokens of %d, credit %d"
                            .formatted(
                                    policy.name(),
                                    usage,
                                    requests,
                                    uncachedTokens,
                                    tokens,
                                    turn.credit()));
        }
    }
}
