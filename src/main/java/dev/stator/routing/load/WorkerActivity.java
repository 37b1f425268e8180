package dev.stator.routing.load;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayDeque;
import java.util.Deque;

/// What one worker runs, and what is learned of its pace. Guarded by the `ActiveSequences`.
///
/// Prefills are taken for a queue that is served in the order of booking: engines do so, and the
/// tokens of a step that several prompts share add up to the same time. The one at the head runs
/// since it was booked or since the last one was done, whichever came later.
final class WorkerActivity {
    private static final double NANOS = 1e-9;
    private static final double PACE_MEMORY = 0.95; // an observation's weight after the next one
    private static final double PACE_DOUBT_PREFILLS = 8; // usual ones that speak for a usual pace
    private static final double SLOWNESS_MAX = 64;

    private final WorkerId id;
    private final int number;
    private final int stride;
    private final BlockCounts users = new BlockCounts();
    private final Deque<Charge> prefills = new ArrayDeque<>(); // in the order of booking
    private long prefillTokens;
    private double prefillSeconds; // estimated, of all that wait or run
    private long progressNanos; // when the last prefill was done
    private int prefillCount;
    private double headSeconds; // estimated, of the prefill that runs
    private double behindSeconds; // estimated, of those that wait for it
    private long headNanos; // since when it runs
    private int outputBlocks;
    private int requests;
    private double wearTokens; // weighted by the moment of booking
    private double bookedSeconds; // of prefill, weighted alike
    private double takenSeconds; // by the last prefills; older ones count less
    private double expectedSeconds; // for the same prefills at a usual worker
    private double observedPrefills; // in these sums
    private double slowness = 1;

    /// @param number unlike any other worker's
    /// @param stride blocks that a remembered one stands for
    WorkerActivity(WorkerId id, int number, int stride, long nowNanos) {
        this.id = id;
        this.number = number;
        this.stride = stride;
        this.progressNanos = nowNanos;
    }

    WorkerId id() {
        return id;
    }

    int number() {
        return number;
    }

    int requests() {
        return requests;
    }

    /// Whether it has a prefill to do.
    boolean isComputing() {
        return prefillCount > 0;
    }

    /// Booked prompt tokens that wait for their prefill.
    long prefillTokens() {
        return prefillTokens;
    }

    double slowness() {
        return slowness;
    }

    /// Writes down its load, without regard to any request; wear and busyness as weighted sums.
    void read(long nowNanos, WorkerLoads into, int i) {
        into.prefillTokens[i] = prefillTokens;
        into.activeBlocks[i] = users.size() * stride + outputBlocks;
        into.activeRequests[i] = requests;
        into.decodingRequests[i] = requests - prefillCount;
        into.waitSeconds[i] = waitSeconds(nowNanos);
        into.slowness[i] = slowness;
        into.weightedWear[i] = wearTokens;
        into.weightedBusy[i] = bookedSeconds;
    }

    void add(Charge charge, Moment now) {
        requests++;
        wearTokens += charge.prefillTokens * now.wearWeight();
        bookedSeconds += charge.prefillSeconds * now.busyWeight();
        users.add(charge.blocks);
        if (charge.prefillTokens > 0) {
            prefillTokens += charge.prefillTokens;
            prefillSeconds += charge.prefillSeconds;
            prefills.addLast(charge);
            lookAtPrefills();
        }
    }

    /// The prefill of a charge is done.
    ///
    /// @return seconds for which the worker was busy with it; negative when others were ahead of it
    double completePrefill(Charge charge, long nowNanos) {
        boolean isHead = charge == prefills.peekFirst();
        double seconds = isHead ? elapsedSeconds(nowNanos) : -1;
        takeBack(charge, nowNanos);
        return seconds;
    }

    /// A prefill that was expected to take `expected` seconds at a usual worker took so long here.
    void observePrefill(double seconds, double expected) {
        double believed = Math.min(seconds, expected * SLOWNESS_MAX);
        takenSeconds = PACE_MEMORY * takenSeconds + believed;
        expectedSeconds = PACE_MEMORY * expectedSeconds + expected;
        observedPrefills = PACE_MEMORY * observedPrefills + 1;
        double doubt = PACE_DOUBT_PREFILLS * expectedSeconds / observedPrefills;
        double factor = (takenSeconds + doubt) / (expectedSeconds + doubt);
        slowness = Math.clamp(factor, 1 / SLOWNESS_MAX, SLOWNESS_MAX);
    }

    void addOutputBlock(Charge charge) {
        charge.outputBlocks++;
        outputBlocks++;
    }

    void release(Charge charge, long nowNanos) {
        if (charge.prefillTokens > 0) {
            takeBack(charge, nowNanos);
        }
        requests--;
        outputBlocks -= charge.outputBlocks;
        if (requests == 0) {
            users.clear();
        } else {
            users.remove(charge.blocks);
        }
    }

    /// Whether a request uses this block.
    boolean uses(long sequenceHash) {
        return users.contains(sequenceHash);
    }

    /// Leading remembered blocks that are active already; the first one is. Every booking covers a
    /// prefix from the first block on, so they are a prefix too, and its length is found by
    /// bisection.
    ///
    /// @param guess how many it may be, such as at the worker before
    int shared(TokenBlocks blocks, int guess) {
        int active = 1; // so many are known to be active
        int absent = blocks.count() + 1; // so many are known not to be
        for (int probes = 0; absent - active > 1; probes++) {
            int next = probes < 2 ? guess + probes : (active + absent) >>> 1;
            int count = Math.clamp(next, active + 1, absent - 1);
            if (uses(blocks.sequenceHash(count - 1))) {
                active = count;
            } else {
                absent = count;
            }
        }
        return active;
    }

    /// Whether nothing would be lost by forgetting the worker.
    boolean isForgettable(Moment now) {
        return requests == 0 && wearTokens / now.wearWeight() < 1;
    }

    /// The weights of time have begun anew.
    void rebase(double wear, double busy) {
        wearTokens *= wear;
        bookedSeconds *= busy;
    }

    /// Throws `IllegalStateException` on a contradiction.
    void checkInvariants() {
        long waiting = prefills.stream().mapToLong(it -> it.prefillTokens).sum();
        require(requests >= 0 && prefills.size() <= requests, "requests", requests);
        require(waiting == prefillTokens, "prefill tokens", prefillTokens);
        require(prefillCount == prefills.size(), "prefills", prefillCount);
        require(outputBlocks >= 0, "output blocks", outputBlocks);
        users.forEach(count -> require(count >= 1 && count <= requests, "users of a block", count));
    }

    private void require(boolean holds, String what, long value) {
        if (!holds) {
            throw new IllegalStateException("worker %s: %s %d".formatted(id, what, value));
        }
    }

    /// Until the booked prefills are done. One that takes longer than estimated may be done at any
    /// moment; those behind it still take their time.
    private double waitSeconds(long nowNanos) {
        return prefillCount == 0
                ? 0
                : behindSeconds + Math.max(0, headSeconds - elapsedSeconds(nowNanos));
    }

    /// Since the prefill at the head began.
    private double elapsedSeconds(long nowNanos) {
        return Math.max(0, nowNanos - headNanos) * NANOS;
    }

    private void takeBack(Charge charge, long nowNanos) {
        if (charge == prefills.peekFirst()) {
            prefills.removeFirst();
            progressNanos = nowNanos;
        } else {
            prefills.remove(charge);
        }
        prefillTokens -= charge.prefillTokens;
        prefillSeconds = prefills.isEmpty() ? 0 : prefillSeconds - charge.prefillSeconds;
        charge.prefillTokens = 0;
        lookAtPrefills();
    }

    /// Notes what a load needs of them, so that no load has to look.
    private void lookAtPrefills() {
        prefillCount = prefills.size();
        Charge head = prefills.peekFirst();
        if (head != null) {
            headSeconds = head.prefillSeconds;
            behindSeconds = Math.max(0, prefillSeconds - head.prefillSeconds);
            headNanos = Math.max(head.bookedNanos - progressNanos, 0) + progressNanos;
        }
    }

    /// What time it is, and what is added now weighs.
    record Moment(long nanos, double wearWeight, double busyWeight) {}
}
