package dev.stator.routing.live.waiting;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.AdmissionOutcome.Refused;
import dev.stator.routing.admission.AdmissionQueue;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.Waiting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Where requests wait while the fleet is saturated, without a thread of their own. Thread-safe;
/// one lock over the queue, never held while anybody is called.
///
/// They are let in by `wakeups` alone: when a booking gives back prefill tokens, when one begins to
/// wait (the capacity may have come just before), and once a tick, which also finds capacity that
/// nobody tells of: that of other routers' requests and of new workers.
///
/// Whoever takes a request out of the queue gives it its verdict, so it gets one.
public final class WaitingRoom {
    private static final Duration TICK = Duration.ofMillis(50);

    private final AdmissionConfig config;
    private final Saturation saturation;
    private final LongSupplier nanos;
    private final Wakeups wakeups;
    private final AdmissionListener listener;
    private final AdmissionQueue<Guest> queue; // guarded by this
    private final Map<Guest, Waiting<Guest>> places = new HashMap<>(); // guarded by this
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final AtomicBoolean isTicking = new AtomicBoolean();
    private volatile int waiting; // written under the lock
    private volatile long waitingTokens; // written under the lock

    /// What requests wait for.
    @FunctionalInterface
    public interface Saturation {

        /// Whether every one of these workers has more prefill booked than `threshold` times its
        /// largest batch; without any worker there is nothing to wait for.
        boolean holds(double threshold, Predicate<WorkerId> workers);
    }

    /// @param nanos monotonic
    public WaitingRoom(
            AdmissionConfig config,
            Saturation saturation,
            LongSupplier nanos,
            Wakeups wakeups,
            AdmissionListener listener) {
        this.config = config;
        this.saturation = saturation;
        this.nanos = nanos;
        this.wakeups = wakeups;
        this.listener = listener;
        this.queue = new AdmissionQueue<>(config);
    }

    /// Requests that wait.
    public int waiting() {
        return waiting;
    }

    /// Prompt tokens of the requests that wait.
    public long waitingTokens() {
        return waitingTokens;
    }

    /// Whether the request may go on at once. If not, it is told later, or has been told, either to
    /// go on or why not.
    public boolean enter(Guest request) {
        if (config.threshold().isEmpty() || isFree(request)) {
            return true;
        }
        long now = nanos.getAsLong();
        var applicant = request.applicant(now);
        List<Guest> displaced = new ArrayList<>();
        Optional<Refusal> refusal = Optional.empty();
        Refusal displacement;
        synchronized (this) {
            switch (queue.offer(request, applicant, now)) {
                case Held<Guest>(var place, var gone) -> {
                    places.put(request, place);
                    gone.forEach(it -> displaced.add(forgotten(it)));
                }
                case Refused<Guest>(var refused) -> refusal = Optional.of(refused);
            }
            displacement = queue.refusal(Reason.DISPLACED, now);
            count();
        }
        displaced.forEach(it -> refuse(it, displacement));
        refusal.ifPresentOrElse(it -> refuse(request, it), this::wake);
        return false;
    }

    /// Whether the request was waiting; it does not any more.
    public boolean leave(Guest request) {
        if (waiting == 0) {
            return false;
        }
        synchronized (this) {
            Waiting<Guest> place = places.remove(request);
            boolean wasWaiting = place != null && queue.leave(place);
            count();
            return wasWaiting;
        }
    }

    /// Some worker has less to do.
    public void capacityFreed() {
        if (waiting > 0) {
            wake();
        }
    }

    /// Those that came while others wait go behind them, unless they wait for other workers.
    private boolean isFree(Guest request) {
        return (waiting == 0 || request.isPinned()) && !isSaturated(request::mayGoTo);
    }

    private boolean isSaturated(Predicate<WorkerId> workers) {
        return saturation.holds(config.threshold().orElseThrow(), workers);
    }

    private void wake() {
        if (isWoken.compareAndSet(false, true)) {
            wakeups.soon(this::drain);
        }
    }

    /// Refuses those whose time is up, and lets in as many as there is room for.
    private void drain() {
        isWoken.set(false);
        try {
            refuseExpired();
            for (Optional<Guest> next = next(); next.isPresent(); next = next()) {
                next.get().letIn();
            }
        } finally {
            tick();
        }
    }

    /// Comes back after a while as long as anybody waits.
    private void tick() {
        if (waiting > 0 && isTicking.compareAndSet(false, true)) {
            wakeups.after(
                    TICK,
                    () -> {
                        isTicking.set(false);
                        drain();
                    });
        }
    }

    private void refuseExpired() {
        long now = nanos.getAsLong();
        Map<Guest, Refusal> expired = new LinkedHashMap<>();
        synchronized (this) {
            for (Waiting<Guest> place : queue.expire(now)) {
                expired.put(forgotten(place), queue.expiry(place, now));
            }
            count();
        }
        expired.forEach(this::refuse);
    }

    /// Takes out who goes next, if there is room. One that is pinned goes when its turn comes, even
    /// if its own worker is busy: it must not keep the others from theirs.
    private Optional<Guest> next() {
        if (waiting == 0 || isSaturated(_ -> true)) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        Optional<Waiting<Guest>> next;
        Duration waited = Duration.ZERO;
        synchronized (this) {
            next = queue.poll(now);
            if (next.isPresent()) {
                waited = queue.waited(next.get(), now);
                forgotten(next.get());
            }
            count();
        }
        if (next.isPresent()) {
            listener.letIn(waited);
        }
        return next.map(Waiting::item);
    }

    private void refuse(Guest request, Refusal refusal) {
        listener.refused(refusal.reason());
        request.refuse(refusal);
    }

    /// Caller holds the lock.
    private Guest forgotten(Waiting<Guest> place) {
        places.remove(place.item());
        return place.item();
    }

    /// Caller holds the lock.
    private void count() {
        waiting = queue.size();
        waitingTokens = queue.promptTokens();
    }
}
