package dev.stator.routing.live.waiting;

import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.AdmissionOutcome.Held;
import dev.stator.routing.admission.AdmissionOutcome.Refused;
import dev.stator.routing.admission.AdmissionQueue;
import dev.stator.routing.admission.Applicant;
import dev.stator.routing.admission.ClassUsage;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.admission.Waiting;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.eligibility.Placeable;

import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
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

    private final PolicyProfile profile;
    private final boolean isQueueing;
    private final Workers workers;
    private final LongSupplier nanos;
    private final Wakeups wakeups;
    private final AdmissionListener listener;
    private final AdmissionQueue<Guest> queue; // guarded by this
    private final Map<Guest, Waiting<Guest>> places = new HashMap<>(); // guarded by this
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final AtomicBoolean isTicking = new AtomicBoolean();
    private final AtomicIntegerArray waitingByClass; // written under the lock
    private volatile int waiting; // written under the lock
    private volatile long waitingTokens; // written under the lock

    /// What requests wait for.
    public interface Workers {

        /// Workers that there are.
        int count();

        /// Whether enough of these workers are busy by the rule.
        boolean areBusy(BusyRule rule, Predicate<Placeable> which);
    }

    /// @param nanos monotonic
    public WaitingRoom(
            AdmissionConfig config,
            Workers workers,
            LongSupplier nanos,
            Wakeups wakeups,
            AdmissionListener listener) {
        this.profile = config.profile();
        this.isQueueing = profile.isQueueing();
        this.workers = workers;
        this.nanos = nanos;
        this.wakeups = wakeups;
        this.listener = listener;
        this.queue = new AdmissionQueue<>(config);
        this.waitingByClass = new AtomicIntegerArray(profile.classes().size());
    }

    /// Requests that wait.
    public int waiting() {
        return waiting;
    }

    /// Prompt tokens of the requests that wait.
    public long waitingTokens() {
        return waitingTokens;
    }

    /// What waits of each class, by its name.
    public synchronized SequencedMap<String, ClassUsage> usage() {
        var usage = new LinkedHashMap<String, ClassUsage>();
        for (int i = 0; i < profile.classes().size(); i++) {
            usage.put(profile.classes().get(i).name(), queue.usage(i));
        }
        return usage;
    }

    /// Whether the request may go on at once. If not, it is told later, or has been told, either to
    /// go on or why not.
    public boolean enter(Guest request) {
        if (!isQueueing) {
            return true;
        }
        OptionalInt direct = profile.direct(request.policyClass());
        if (direct.isPresent() && isFree(request, direct.getAsInt())) {
            return true;
        }
        long now = nanos.getAsLong();
        Applicant applicant = request.applicant(now);
        if (direct.isEmpty() && isFree(request, classOf(applicant))) {
            return true;
        }
        hold(request, applicant, now);
        return false;
    }

    private void hold(Guest request, Applicant applicant, long now) {
        Map<Guest, Refusal> refused = new LinkedHashMap<>();
        int workersNow = workers.count();
        synchronized (this) {
            switch (queue.offer(request, applicant, workersNow, now)) {
                case Held<Guest>(var place, var gone) -> {
                    places.put(request, place);
                    gone.forEach(it -> refused.put(forgotten(it), queue.displacement(it, now)));
                }
                case Refused<Guest>(var refusal) -> refused.put(request, refusal);
            }
            count();
        }
        refused.forEach(this::refuse);
        if (!refused.containsKey(request)) {
            wake();
        }
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

    /// Those that came while others of their class wait go behind them, unless they wait for other
    /// workers.
    private boolean isFree(Guest request, int policyClass) {
        return (waitingByClass.get(policyClass) == 0 || request.isPinned())
                && !areBusy(policyClass, request::mayGoTo);
    }

    private int classOf(Applicant applicant) {
        return profile.classOf(applicant.policyClass(), applicant.uncachedTokens());
    }

    private boolean areBusy(int policyClass, Predicate<Placeable> which) {
        BusyRule rule = profile.classes().get(policyClass).busy();
        return rule.isEverMet() && workers.areBusy(rule, which);
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
        BitSet open = open();
        if (open.isEmpty()) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        Optional<Waiting<Guest>> next;
        Duration waited = Duration.ZERO;
        synchronized (this) {
            next = queue.poll(open::get, now);
            if (next.isPresent()) {
                waited = queue.waited(next.get(), now);
                forgotten(next.get());
            }
            count();
        }
        if (next.isPresent()) {
            listener.letIn(queue.policyClass(next.get()).name(), waited);
        }
        return next.map(Waiting::item);
    }

    /// The classes of which somebody waits for whom there is room.
    private BitSet open() {
        var open = new BitSet();
        for (int i = 0; i < waitingByClass.length(); i++) {
            open.set(i, waitingByClass.get(i) > 0 && !areBusy(i, _ -> true));
        }
        return open;
    }

    private void refuse(Guest request, Refusal refusal) {
        listener.refused(refusal);
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
        for (int i = 0; i < waitingByClass.length(); i++) {
            waitingByClass.set(i, queue.usage(i).requests());
        }
    }
}
