package dev.stator.routing.admission;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.AdmissionOutcome.Refused;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.Waiting.Span;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/// Requests that wait while the fleet is saturated. Not thread-safe.
///
/// The highest tier goes first; within a tier the tenants take turns (`TierQueue`); within a tenant
/// the policy orders. Times are of one monotonic clock of the caller, in nanoseconds, and never go
/// back.
///
/// A full queue makes room for a higher tier, or for a tenant with less waiting: the tenant with
/// the most waiting in the lowest tier gives up its last requests, provided that it alone can and
/// still has no less than the newcomer's. So nobody can keep others out by filling the queue.
///
/// Joining, leaving and expiring take logarithmic time. A request whose deadline is nearer than the
/// end of all that waits takes a walk over the tenants, and over what its own has behind it.
///
/// @param <T> what callers keep in the queue
public final class AdmissionQueue<T> {
    static final Duration RETRY_MIN = Duration.ofSeconds(1);
    static final Duration RETRY_MAX = Duration.ofMinutes(5);
    private static final double NANOS_PER_SECOND = 1e9;

    private final AdmissionConfig config;
    private final TreeMap<Long, TierQueue<T>> tiers = new TreeMap<>(Comparator.reverseOrder());
    private final TreeSet<Waiting<T>> byExpiry = new TreeSet<>(Waiting.BY_EXPIRY);
    private final DrainRate rate = new DrainRate();
    private OptionalLong epochNanos = OptionalLong.empty();
    private long promptTokens;
    private long arrivals;

    public AdmissionQueue(AdmissionConfig config) {
        this.config = config;
    }

    /// Requests that wait.
    public int size() {
        return byExpiry.size();
    }

    /// Prompt tokens of the requests that wait.
    public long promptTokens() {
        return promptTokens;
    }

    /// Lets a request wait, or refuses it.
    public AdmissionOutcome<T> offer(T item, Applicant applicant, long nowNanos) {
        Waiting<T> place = place(item, applicant, offset(nowNanos));
        if (isLate(place)) {
            return new Refused<>(refusal(Reason.DEADLINE_UNREACHABLE, nowNanos));
        }
        Optional<List<Waiting<T>>> displaced = room(place);
        if (displaced.isEmpty()) {
            boolean byRequests = size() >= config.waitingRequestsMax();
            return new Refused<>(
                    refusal(byRequests ? Reason.REQUESTS_LIMIT : Reason.TOKENS_LIMIT, nowNanos));
        }
        displaced.get().forEach(this::remove);
        if (size() == 0) {
            rate.begin(place.sinceNanos());
        }
        tier(applicant.tier()).add(place);
        byExpiry.add(place);
        promptTokens += applicant.promptTokens();
        return new Held<>(place, displaced.get());
    }

    /// Removes who goes next, if anybody waits.
    public Optional<Waiting<T>> poll(long nowNanos) {
        if (size() == 0) {
            return Optional.empty();
        }
        Map.Entry<Long, TierQueue<T>> first = tiers.firstEntry();
        Waiting<T> next = first.getValue().takeNext();
        if (first.getValue().isEmpty()) {
            tiers.remove(first.getKey());
        }
        forget(next);
        rate.left(next.cost(), offset(nowNanos));
        return Optional.of(next);
    }

    /// Removes one that leaves for reasons of its own; whether it was still waiting.
    public boolean leave(Waiting<T> place) {
        boolean isWaiting = byExpiry.contains(place);
        if (isWaiting) {
            remove(place);
        }
        return isWaiting;
    }

    /// Removes those that have waited as long as they may.
    public List<Waiting<T>> expire(long nowNanos) {
        var expired = new ArrayList<Waiting<T>>();
        while (size() > 0 && byExpiry.first().expiresNanos() <= offset(nowNanos)) {
            Waiting<T> oldest = byExpiry.first();
            remove(oldest);
            expired.add(oldest);
        }
        return expired;
    }

    /// When `expire` will find the next one, on the caller's clock.
    public OptionalLong nextExpiryNanos() {
        return size() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(byExpiry.first().expiresNanos() + epochNanos.orElseThrow());
    }

    /// How long it has waited.
    public Duration waited(Waiting<T> place, long nowNanos) {
        return Duration.ofNanos(offset(nowNanos) - place.sinceNanos());
    }

    /// What one that expired is told.
    public Refusal expiry(Waiting<T> place, long nowNanos) {
        boolean byAge = place.expiresNanos() - place.sinceNanos() >= config.waitMax().toNanos();
        return refusal(byAge ? Reason.WAITED_TOO_LONG : Reason.DEADLINE_PASSED, nowNanos);
    }

    /// A refusal with the time until what waits now has gone.
    public Refusal refusal(Reason reason, long nowNanos) {
        long uncached = tiers.values().stream().mapToLong(TierQueue::uncachedTokens).sum();
        Duration drained = time(uncached, offset(nowNanos)).orElse(RETRY_MIN);
        Duration least = drained.compareTo(RETRY_MIN) < 0 ? RETRY_MIN : drained;
        return new Refusal(reason, least.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : least);
    }

    private Waiting<T> place(T item, Applicant applicant, long now) {
        long oldest = now + config.waitMax().toNanos();
        long deadline =
                applicant.deadlineNanos().isPresent()
                        ? offset(applicant.deadlineNanos().getAsLong())
                        : oldest;
        double key =
                config.policy()
                        .key(
                                Math.max(0, applicant.priority()),
                                now / NANOS_PER_SECOND,
                                applicant.uncachedTokens());
        return new Waiting<>(
                item, applicant, arrivals++, key, new Span(now, Math.min(oldest, deadline)));
    }

    /// Whether it would wait past its deadline, as far as can be told.
    private boolean isLate(Waiting<T> place) {
        Applicant applicant = place.applicant();
        if (applicant.deadlineNanos().isEmpty()) {
            return false;
        }
        long left = offset(applicant.deadlineNanos().getAsLong()) - place.sinceNanos();
        if (left <= 0 || size() == 0) {
            return left <= 0;
        }
        long atMost = 0;
        for (TierQueue<T> tier : tiers.headMap(applicant.tier(), true).values()) {
            atMost += tier.uncachedTokens();
        }
        return takesLonger(atMost, place.sinceNanos(), left)
                && takesLonger(tokensBefore(place), place.sinceNanos(), left);
    }

    private boolean takesLonger(long uncachedTokens, long now, long nanos) {
        return time(uncachedTokens, now).filter(it -> it.toNanos() > nanos).isPresent();
    }

    private long tokensBefore(Waiting<T> place) {
        long tier = place.applicant().tier();
        long before = 0;
        for (TierQueue<T> higher : tiers.headMap(tier, false).values()) {
            before += higher.uncachedTokens();
        }
        TierQueue<T> own = tiers.get(tier);
        return own == null ? before : before + own.tokensBefore(place);
    }

    /// How long so many tokens take to leave; empty when it cannot be told.
    private Optional<Duration> time(long uncachedTokens, long now) {
        OptionalDouble perSecond = rate.tokensPerSecond(now);
        return perSecond.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(
                                (long)
                                        (uncachedTokens
                                                / perSecond.getAsDouble()
                                                * NANOS_PER_SECOND)));
    }

    /// Those who must go so that it fits, perhaps nobody; empty when there is no room for it.
    private Optional<List<Waiting<T>>> room(Waiting<T> place) {
        long excessRequests = size() + 1L - config.waitingRequestsMax();
        long excessTokens =
                promptTokens + place.applicant().promptTokens() - config.waitingTokensMax();
        if (excessRequests <= 0 && excessTokens <= 0) {
            return Optional.of(List.of());
        }
        if (size() == 0 || tiers.lastKey() > place.applicant().tier()) {
            return Optional.empty();
        }
        TenantQueue<T> largest = tiers.lastEntry().getValue().largest();
        long floor = floor(place.applicant());
        var displaced = new ArrayList<Waiting<T>>();
        long left = largest.uncachedTokens();
        for (Waiting<T> last : largest.waiting().descendingSet()) {
            left -= last.cost();
            if (left < floor) {
                break;
            }
            displaced.add(last);
            excessRequests--;
            excessTokens -= last.applicant().promptTokens();
            if (excessRequests <= 0 && excessTokens <= 0) {
                return Optional.of(displaced);
            }
        }
        return Optional.empty();
    }

    /// What the tenant that gives way must be left with.
    private long floor(Applicant applicant) {
        boolean isHigher = tiers.lastKey() < applicant.tier();
        return isHigher
                ? 0
                : tier(applicant.tier()).uncachedTokens(applicant.tenant())
                        + applicant.uncachedTokens();
    }

    private TierQueue<T> tier(long tier) {
        return tiers.computeIfAbsent(tier, _ -> new TierQueue<>(config.quantumTokens()));
    }

    private void remove(Waiting<T> place) {
        long tier = place.applicant().tier();
        TierQueue<T> queue = tier(tier);
        queue.remove(place);
        if (queue.isEmpty()) {
            tiers.remove(tier);
        }
        forget(place);
    }

    private void forget(Waiting<T> place) {
        byExpiry.remove(place);
        promptTokens -= place.applicant().promptTokens();
    }

    /// Since the first request.
    private long offset(long nanos) {
        if (epochNanos.isEmpty()) {
            epochNanos = OptionalLong.of(nanos);
        }
        return nanos - epochNanos.getAsLong();
    }

    /// Throws `IllegalStateException` on a contradiction.
    void checkInvariants() {
        tiers.values().forEach(TierQueue::checkInvariants);
        int ordered = tiers.values().stream().mapToInt(TierQueue::size).sum();
        long tokens = byExpiry.stream().mapToLong(it -> it.applicant().promptTokens()).sum();
        if (ordered != size()
                || tokens != promptTokens
                || size() > config.waitingRequestsMax()
                || promptTokens > config.waitingTokensMax()) {
            throw new IllegalStateException(
                    "%d ordered of %d waiting, %d tokens of %d"
                            .formatted(ordered, size(), promptTokens, tokens));
        }
    }
}
