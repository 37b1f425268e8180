package dev.stator.routing.admission;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.TreeSet;

/// The waiting requests of one tier of a class: deficit round robin among its tenants, charged in
/// uncached tokens.
///
/// What a tenant does not spend it keeps for its next turn, as long as it has anything waiting; so
/// requests larger than a quantum take several turns, and over any time
/// in which two tenants wait they are served alike but for a quantum and a request. Every turn
/// gives away a quantum that some request pays for, so turns per request are bounded on average.
final class TierQueue<T> {
    private final long quantumTokens;
    private final SequencedMap<String, TenantQueue<T>> ring = new LinkedHashMap<>();
    private final TreeSet<TenantQueue<T>> byWaiting = new TreeSet<>(TenantQueue.BY_WAITING);
    private long uncachedTokens;

    TierQueue(long quantumTokens) {
        this.quantumTokens = quantumTokens;
    }

    boolean isEmpty() {
        return ring.isEmpty();
    }

    long uncachedTokens() {
        return uncachedTokens;
    }

    void add(Waiting<T> place) {
        TenantQueue<T> tenant =
                ring.computeIfAbsent(place.applicant().tenant(), TenantQueue<T>::new);
        byWaiting.remove(tenant);
        tenant.add(place);
        byWaiting.add(tenant);
        uncachedTokens += place.cost();
    }

    void remove(Waiting<T> place) {
        TenantQueue<T> tenant = ring.get(place.applicant().tenant());
        if (tenant == null) {
            throw new IllegalStateException("does not wait: " + place.item());
        }
        byWaiting.remove(tenant);
        tenant.remove(place);
        put(tenant, place);
    }

    /// What the request costs that is next. Not to be called when nobody waits.
    long nextCost() {
        return onTurn().waiting().first().cost();
    }

    /// Removes who is next. Not to be called when nobody waits.
    Waiting<T> takeNext() {
        TenantQueue<T> tenant = onTurn();
        byWaiting.remove(tenant);
        Waiting<T> next = tenant.takeFirst();
        put(tenant, next);
        return next;
    }

    /// The tenant with the most waiting. Not to be called when nobody waits.
    TenantQueue<T> largest() {
        return byWaiting.last();
    }

    /// What a tenant has waiting.
    long uncachedTokens(String tenant) {
        TenantQueue<T> queue = ring.get(tenant);
        return queue == null ? 0 : queue.uncachedTokens();
    }

    /// Uncached tokens that go before a request that came now: what its tenant has before it, and
    /// of each other tenant as much as goes in the same turns.
    long tokensBefore(Waiting<T> place) {
        @Nullable TenantQueue<T> own = ring.get(place.applicant().tenant());
        long mine = own == null ? 0 : own.tokensBefore(place);
        long before = mine;
        for (TenantQueue<T> other : ring.values()) {
            if (other != own) {
                before += Math.min(other.uncachedTokens(), mine + place.cost());
            }
        }
        return before;
    }

    /// The tenant whose turn it is, begun.
    private TenantQueue<T> onTurn() {
        TenantQueue<T> tenant = ring.firstEntry().getValue();
        while (!tenant.canGo(quantumTokens)) {
            tenant.endTurn();
            ring.putLast(tenant.tenant(), tenant);
            tenant = ring.firstEntry().getValue();
        }
        return tenant;
    }

    private void put(TenantQueue<T> tenant, Waiting<T> taken) {
        uncachedTokens -= taken.cost();
        if (tenant.isEmpty()) {
            ring.remove(tenant.tenant());
        } else {
            byWaiting.add(tenant);
        }
    }

    int size() {
        return ring.values().stream().mapToInt(it -> it.waiting().size()).sum();
    }

    void checkInvariants() {
        ring.values().forEach(TenantQueue::checkInvariants);
        long sum = ring.values().stream().mapToLong(TenantQueue::uncachedTokens).sum();
        if (ring.isEmpty()
                || sum != uncachedTokens
                || byWaiting.size() != ring.size()
                || !byWaiting.containsAll(ring.values())) {
            throw new IllegalStateException(
                    "tier of %d tenants, %d by waiting, %d tokens of %d"
                            .formatted(ring.size(), byWaiting.size(), uncachedTokens, sum));
        }
    }
}
