package dev.stator.routing.load;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.WorkerLoad.Pace;
import dev.stator.tokens.LongMap;
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
    private final LongMap<Users> users = new LongMap<>(); // by sequence hash
    private final Deque<Charge> prefills = new ArrayDeque<>(); // in the order of booking
    private long prefillTokens;
    private double prefillSeconds; // estimated, of all that wait or run
    private long progressNanos; // when the last prefill was done
    private int outputBlocks;
    private int requests;
    private double wearTokens; // weighted by the moment of booking
    private double bookedSeconds; // of prefill, weighted alike
    private double takenSeconds; // by the last prefills; older ones count less
    private double expectedSeconds; // for the same prefills at a usual worker
    private double observedPrefills; // in these sums

    WorkerActivity(WorkerId id, long nowNanos) {
        this.id = id;
        this.progressNanos = nowNanos;
    }

    WorkerId id() {
        return id;
    }

    int requests() {
        return requests;
    }

    /// Booked prompt tokens that wait for their prefill.
    long prefillTokens() {
        return prefillTokens;
    }

    /// The load without regard to any request.
    WorkerLoad load(Moment now) {
        return load(0, 0, now);
    }

    WorkerLoad load(TokenBlocks blocks, Moment now) {
        int booked = shared(blocks);
        return load(blocks.count() - booked, booked, now);
    }

    private WorkerLoad load(int newBlocks, int booked, Moment now) {
        int active = users.size() + outputBlocks;
        var pace =
                new Pace(
                        waitSeconds(now.nanos()),
                        slowness(),
                        wearTokens / now.wearWeight(),
                        bookedSeconds / now.busyWeight() / now.busySpanSeconds(),
                        requests - prefills.size());
        return new WorkerLoad(prefillTokens, active, active + newBlocks, booked, requests, pace);
    }

    double slowness() {
        if (observedPrefills == 0) {
            return 1;
        }
        double doubt = PACE_DOUBT_PREFILLS * expectedSeconds / observedPrefills;
        double factor = (takenSeconds + doubt) / (expectedSeconds + doubt);
        return Math.clamp(factor, 1 / SLOWNESS_MAX, SLOWNESS_MAX);
    }

    void add(Charge charge, Moment now) {
        requests++;
        wearTokens += charge.prefillTokens * now.wearWeight();
        bookedSeconds += charge.prefillSeconds * now.busyWeight();
        for (long block : charge.blocks) {
            use(block);
        }
        if (charge.prefillTokens > 0) {
            prefillTokens += charge.prefillTokens;
            prefillSeconds += charge.prefillSeconds;
            prefills.addLast(charge);
        }
    }

    /// The prefill of a charge is done.
    ///
    /// @return seconds for which the worker was busy with it; negative when others were ahead of it
    double completePrefill(Charge charge, long nowNanos) {
        boolean isHead = charge == prefills.peekFirst();
        double seconds = isHead ? elapsedSeconds(charge, nowNanos) : -1;
        takeBack(charge);
        if (isHead) {
            progressNanos = nowNanos;
        }
        return seconds;
    }

    /// A prefill that was expected to take `expected` seconds at a usual worker took so long here.
    void observePrefill(double seconds, double expected) {
        double believed = Math.min(seconds, expected * SLOWNESS_MAX);
        takenSeconds = PACE_MEMORY * takenSeconds + believed;
        expectedSeconds = PACE_MEMORY * expectedSeconds + expected;
        observedPrefills = PACE_MEMORY * observedPrefills + 1;
    }

    void addOutputBlock(Charge charge) {
        charge.outputBlocks++;
        outputBlocks++;
    }

    void release(Charge charge, long nowNanos) {
        if (charge.prefillTokens > 0) {
            boolean isHead = charge == prefills.peekFirst();
            takeBack(charge);
            progressNanos = isHead ? nowNanos : progressNanos;
        }
        requests--;
        outputBlocks -= charge.outputBlocks;
        for (int i = charge.blocks.length - 1; i >= 0; i--) {
            release(charge.blocks[i]);
        }
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
        require(outputBlocks >= 0, "output blocks", outputBlocks);
        users.forEach(
                (hash, block) ->
                        require(
                                block.count >= 1 && block.count <= requests,
                                "users of block " + Long.toHexString(hash),
                                block.count));
    }

    private void require(boolean holds, String what, long value) {
        if (!holds) {
            throw new IllegalStateException("worker %s: %s %d".formatted(id, what, value));
        }
    }

    /// Until the booked prefills are done. One that takes longer than estimated may be done at any
    /// moment; those behind it still take their time.
    private double waitSeconds(long nowNanos) {
        Charge head = prefills.peekFirst();
        if (head == null) {
            return 0;
        }
        double left = head.prefillSeconds - elapsedSeconds(head, nowNanos);
        return Math.max(0, prefillSeconds - head.prefillSeconds) + Math.max(0, left);
    }

    private double elapsedSeconds(Charge head, long nowNanos) {
        long since = head.bookedNanos - progressNanos > 0 ? head.bookedNanos : progressNanos;
        return Math.max(0, nowNanos - since) * NANOS;
    }

    private void takeBack(Charge charge) {
        if (charge == prefills.peekFirst()) {
            prefills.removeFirst();
        } else {
            prefills.remove(charge);
        }
        prefillTokens -= charge.prefillTokens;
        prefillSeconds = prefills.isEmpty() ? 0 : prefillSeconds - charge.prefillSeconds;
        charge.prefillTokens = 0;
    }

    private void use(long sequenceHash) {
        Users block = users.get(sequenceHash);
        if (block == null) {
            block = new Users();
            users.put(sequenceHash, block);
        }
        block.count++;
    }

    private void release(long sequenceHash) {
        Users block = users.get(sequenceHash);
        if (block == null || --block.count == 0) {
            users.remove(sequenceHash);
        }
    }

    /// Leading blocks that are active already. Every booking covers a prefix from the first block
    /// on, so they are a prefix too, and its length is found by bisection.
    private int shared(TokenBlocks blocks) {
        if (users.isEmpty() || blocks.count() == 0 || !isActive(blocks, 0)) {
            return 0;
        }
        int active = 0; // the last block known to be active
        int absent = blocks.count(); // the first block known not to be
        while (absent - active > 1) {
            int middle = (active + absent) >>> 1;
            if (isActive(blocks, middle)) {
                active = middle;
            } else {
                absent = middle;
            }
        }
        return active + 1;
    }

    private boolean isActive(TokenBlocks blocks, int index) {
        return users.get(blocks.sequenceHash(index)) != null;
    }

    /// What time it is, and what is added now weighs.
    record Moment(long nanos, double wearWeight, double busyWeight, double busySpanSeconds) {}

    private static final class Users {
        private int count;
    }
}
