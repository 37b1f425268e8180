package dev.stator.routing.admission;

import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.AdmissionOutcome.Refused;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.Waiting.Rank;
import dev.stator.routing.admission.Waiting.Span;
import dev.stator.routing.admission.policy.PolicyClass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// Requests that wait while the fleet is saturated. Not thread-safe.
///
/// Classes take turns (`ClassRing`); within a class the highest tier goes first; within a tier the
/// tenants take turns (`TierQueue`); within a tenant the policy of the class orders. Times are of
/// one monotonic clock of the caller, in nanoseconds, and never go back.
///
/// A full queue makes room for a class with less waiting for its share; within a class, for a
/// higher tier, or for a tenant with less waiting: the tenant with the most waiting in the lowest
/// tier gives up its last requests, provided that it alone can and still has no less than the
/// newcomer's. So nobody can keep others out by filling the queue.
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
    private final ClassRing<T> ring;
    private final TreeSet<Waiting<T>> byExpiry = new TreeSet<>(Waiting.BY_EXPIRY);
    private final DrainRate rate = new DrainRate();
    private OptionalLong epochNanos = OptionalLong.empty();
    private long promptTokens;
    private long arrivals;

    public AdmissionQueue(AdmissionConfig config) {
        this.config = config;
        this.ring = new ClassRing<>(config.profile(), config.quantumTokens());
    }

    /// Requests that wait.
    public int size() {
        return byExpiry.size();
    }

    /// Prompt tokens of the requests that wait.
    public long promptTokens() {
        return promptTokens;
    }

    /// What waits of a class, by its place in the profile.
    public ClassUsage usage(int policyClass) {
        return ring.get(policyClass).usage();
    }

    /// Lets a request wait, or refuses it.
    ///
    /// @param workers that there are, which a class's limits are multiplied by
    public AdmissionOutcome<T> offer(T item, Applicant applicant, int workers, long nowNanos) {
        Waiting<T> place = place(item, applicant, offset(nowNanos));
        if (isLate(place)) {
            return new Refused<>(refusal(Reason.DEADLINE_UNREACHABLE, place, nowNanos));
        }
        ClassQueue<T> own = ring.get(place.policyClass());
        var shortage =
                new Shortage(
                        size() + 1L - config.waitingRequestsMax(),
                        promptTokens + applicant.promptTokens() - config.waitingTokensMax(),
                        own.policy().limits(),
                        own.usage(),
                        workers);
        Optional<List<Waiting<T>>> displaced = room(place, shortage);
        if (displaced.isEmpty()) {
            return new Refused<>(
                    new Refusal(
                            shortage.reason(),
                            own.policy().name(),
                            shortage.limit(),
                            retryAfter(nowNanos)));
        }
        displaced.get().forEach(this::remove);
        if (size() == 0) {
            rate.begin(place.sinceNanos());
        }
        own.add(place);
        byExpiry.add(place);
        promptTokens += applicant.promptTokens();
        return new Held<>(place, displaced.get());
    }

    /// Removes who goes next, if anybody waits who may.
    ///
    /// @param isOpen whether the class of a place in the profile may send now
    public Optional<Waiting<T>> poll(IntPredicate isOpen, long nowNanos) {
        Optional<Waiting<T>> next = ring.next(isOpen).map(ClassQueue::takeNext);
        next.ifPresent(
                it -> {
                    forget(it);
                    rate.left(it.cost(), offset(nowNanos));
                });
        return next;
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

    /// The class that it waits in.
    public PolicyClass policyClass(Waiting<T> place) {
        return ring.get(place.policyClass()).policy();
    }

    /// What one that expired is told.
    public Refusal expiry(Waiting<T> place, long nowNanos) {
        boolean byAge = place.expiresNanos() - place.sinceNanos() >= config.waitMax().toNanos();
        return refusal(byAge ? Reason.WAITED_TOO_LONG : Reason.DEADLINE_PASSED, place, nowNanos);
    }

    /// What one that gave way is told.
    public Refusal displacement(Waiting<T> place, long nowNanos) {
        return refusal(Reason.DISPLACED, place, nowNanos);
    }

    private Refusal refusal(Reason reason, Waiting<T> place, long nowNanos) {
        return new Refusal(
                reason, policyClass(place).name(), OptionalLong.empty(), retryAfter(nowNanos));
    }

    /// The time until what waits now has gone.
    Duration retryAfter(long nowNanos) {
        Duration drained = time(ring.uncachedTokens(), offset(nowNanos)).orElse(RETRY_MIN);
        Duration least = drained.compareTo(RETRY_MIN) < 0 ? RETRY_MIN : drained;
        return least.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : least;
    }

    private Waiting<T> place(T item, Applicant asked, long now) {
        int policyClass = config.profile().classOf(asked.policyClass(), asked.uncachedTokens());
        PolicyClass own = ring.get(policyClass).policy();
        Applicant applicant =
                own.deadline()
                        .map(it -> asked.within(it, now + epochNanos.orElseThrow()))
                        .orElse(asked);
        long oldest = now + config.waitMax().toNanos();
        long deadline =
                applicant.deadlineNanos().isPresent()
                        ? offset(applicant.deadlineNanos().getAsLong())
                        : oldest;
        double key =
                own.order()
                        .key(
                                Math.max(0, applicant.priority()),
                                now / NANOS_PER_SECOND,
                                applicant.cost());
        return new Waiting<>(
                item,
                applicant,
                policyClass,
                new Rank(arrivals++, key),
                new Span(now, Math.min(oldest, deadline)));
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
        ClassQueue<T> own = ring.get(place.policyClass());
        long atMost =
                ring.uncachedTokens()
                        - own.uncachedTokens()
                        + own.uncachedTokensFrom(applicant.tier());
        return takesLonger(atMost, place.sinceNanos(), left)
                && takesLonger(tokensBefore(place), place.sinceNanos(), left);
    }

    private boolean takesLonger(long uncachedTokens, long now, long nanos) {
        return time(uncachedTokens, now).filter(it -> it.toNanos() > nanos).isPresent();
    }

    private long tokensBefore(Waiting<T> place) {
        ClassQueue<T> own = ring.get(place.policyClass());
        long before = own.tokensBefore(place);
        long beside = 0;
        for (ClassQueue<T> other : ring.all()) {
            if (other != own) {
                beside += other.tokensBeside(before + place.cost(), own);
            }
        }
        return before + beside;
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
    private Optional<List<Waiting<T>>> room(Waiting<T> place, Shortage shortage) {
        if (shortage.isNone()) {
            return Optional.of(List.of());
        }
        ClassQueue<T> own = ring.get(place.policyClass());
        ClassQueue<T> giving = shortage.isOfClass() ? own : ring.heaviest();
        if (giving.isEmpty() || (giving == own && own.isAbove(place.applicant()))) {
            return Optional.empty();
        }
        TenantQueue<T> lowest = giving.lowest();
        long spareTokens =
                giving == own
                        ? lowest.uncachedTokens() - own.floor(place.applicant())
                        : giving.uncachedTokens()
                                - giving.share(own.uncachedTokens() + place.cost(), own);
        return room(lowest, spareTokens, place, shortage);
    }

    /// The last requests of a tenant that is to give way, as many as must.
    ///
    /// @param spareTokens uncached tokens that may go
    private Optional<List<Waiting<T>>> room(
            TenantQueue<T> giving, long spareTokens, Waiting<T> place, Shortage shortage) {
        var displaced = new ArrayList<Waiting<T>>();
        long spare = spareTokens;
        for (Waiting<T> last : giving.waiting().descendingSet()) {
            spare -= last.cost();
            if (spare < 0) {
                break;
            }
            displaced.add(last);
            shortage.freed(last.applicant(), last.policyClass() == place.policyClass());
            if (shortage.isNone()) {
                return Optional.of(displaced);
            }
        }
        return Optional.empty();
    }

    private void remove(Waiting<T> place) {
        ring.get(place.policyClass()).remove(place);
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
        ring.all().forEach(ClassQueue::checkInvariants);
        int ordered = ring.all().stream().mapToInt(it -> it.usage().requests()).sum();
        long counted = ring.all().stream().mapToLong(it -> it.usage().promptTokens()).sum();
        long tokens = byExpiry.stream().mapToLong(it -> it.applicant().promptTokens()).sum();
        if (ordered != size()
                || tokens != promptTokens
                || counted != promptTokens
                || size() > config.waitingRequestsMax()
                || promptTokens > config.waitingTokensMax()) {
            throw new IllegalStateException(
                    "%d ordered of %d waiting, %d tokens of %d"
                            .formatted(ordered, size(), promptTokens, tokens));
        }
    }
}
