package dev.stator.routing.load;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.WorkerActivity.Moment;
import dev.stator.tokens.TokenBlocks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/// The requests each worker is running, as the router believes, and how fast the workers turn out
/// to be. Thread-safe; one lock.
///
/// Those that it has sent itself are told to a listener; those that other routers have sent are
/// booked as foreign, and nobody hears of them.
public final class ActiveSequences {
    private static final double WEAR_HALF_LIFE_SECONDS = 3_600;
    private static final double BUSY_HALF_LIFE_SECONDS = 60;
    private static final double BUSY_SPAN_MIN_SECONDS = 5;

    private final boolean trackOutputBlocks;
    private final int stride;
    private final LongSupplier nanos;
    private final Fading wear; // guarded by this
    private final Fading busy; // guarded by this
    private volatile Listener listener = Listener.NONE;
    private final KnownWorkers workers; // guarded by this
    private final SpeedModel speedModel = new SpeedModel(); // guarded by this

    /// Remembers every block of the running prompts.
    ///
    /// @param trackOutputBlocks whether produced tokens are charged
    /// @param nanos a monotonic clock
    public ActiveSequences(boolean trackOutputBlocks, LongSupplier nanos) {
        this(trackOutputBlocks, 1, nanos);
    }

    /// Remembers the last one of every `stride` blocks of the running prompts, which stands for
    /// all of them, so that a prompt takes that much less memory; its tail that fills no stride is
    /// not counted. So does Dynamo.
    ///
    /// @param trackOutputBlocks whether produced tokens are charged
    /// @param nanos a monotonic clock
    public ActiveSequences(boolean trackOutputBlocks, int stride, LongSupplier nanos) {
        this.trackOutputBlocks = trackOutputBlocks;
        this.stride = stride;
        this.nanos = nanos;
        this.wear = new Fading(WEAR_HALF_LIFE_SECONDS, nanos.getAsLong());
        this.busy = new Fading(BUSY_HALF_LIFE_SECONDS, nanos.getAsLong());
        this.workers = new KnownWorkers(stride, nanos.getAsLong());
    }

    /// Hears of the bookings made here, each after it counts. Must not block.
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (_, _, _) -> Follower.NONE;

        /// @param prefillTokens of the prompt that the worker has to compute
        /// @return who hears of the rest
        Follower booked(WorkerId worker, Demand demand, long prefillTokens);
    }

    /// Hears what becomes of one booking, each at most once. Must not block.
    public interface Follower {
        Follower NONE =
                new Follower() {
                    @Override
                    public void prefillCompleted() {}

                    @Override
                    public void released() {}
                };

        void prefillCompleted();

        void released();
    }

    /// Tells `heard` of the bookings made from now on, and nobody else any more.
    public void listen(Listener heard) {
        listener = heard;
    }

    /// Charges a worker with a request until the booking is closed.
    ///
    /// @param overlapBlocks leading blocks it need not compute
    public Booking book(WorkerId worker, Demand demand, int overlapBlocks) {
        TokenBlocks blocks = demand.blocks();
        long cachedTokens =
                Math.min(demand.promptTokens(), (long) overlapBlocks * blocks.blockSizeTokens());
        long prefillTokens = demand.chargesPrefill() ? demand.promptTokens() - cachedTokens : 0;
        var prefill = new SpeedModel.Prefill(prefillTokens, cachedTokens);
        long[] remembered = blocks.every(stride).sequenceHashes();
        Charge charge = add(worker, remembered, prefill, demand.outputTokens());
        charge.produces(demand.promptTokens(), blocks.blockSizeTokens());
        return new Booking(this, charge, listener.booked(worker, demand, prefillTokens));
    }

    /// Charges a worker with a request of another router until the booking is closed.
    ///
    /// @param sequenceHashes the bits of the `SequenceHash`es of the prompt's blocks; not kept
    public Booking bookForeign(WorkerId worker, long[] sequenceHashes, long prefillTokens) {
        var prefill = new SpeedModel.Prefill(prefillTokens, 0);
        var remembered = new long[sequenceHashes.length / stride];
        Arrays.setAll(remembered, i -> sequenceHashes[(i + 1) * stride - 1]);
        Charge charge = add(worker, remembered, prefill, OptionalInt.empty());
        return new Booking(this, charge, Follower.NONE);
    }

    /// The load of each of the workers, seen by a request for these blocks, in the same order.
    /// Valid until the same roster is read again.
    public synchronized WorkerLoads loads(TokenBlocks blocks, Roster roster) {
        Moment now = now();
        workers.read(roster, blocks.every(stride), now.nanos());
        roster.loads.weigh(now.wearWeight(), now.busyWeight() * busySpanSeconds(now));
        return roster.loads;
    }

    /// Prompt tokens booked on a worker that wait for their prefill.
    public synchronized long prefillTokens(WorkerId id) {
        WorkerActivity worker = workers.get(id);
        return worker == null ? 0 : worker.prefillTokens();
    }

    /// The load of every worker that runs something.
    public synchronized Map<WorkerId, WorkerLoad> loads() {
        Moment now = now();
        var loads = new HashMap<WorkerId, WorkerLoad>();
        var one = new WorkerLoads();
        one.begin(1);
        one.weigh(now.wearWeight(), now.busyWeight() * busySpanSeconds(now));
        for (WorkerActivity worker : workers.all()) {
            if (worker.requests() > 0) {
                worker.read(now.nanos(), one, 0);
                loads.put(worker.id(), one.get(0));
            }
        }
        return loads;
    }

    /// How fast a usual worker is, as learned so far.
    public synchronized Speeds speeds() {
        return speedModel.speeds();
    }

    /// Whether that was news.
    ///
    /// @param cachedTokens of the prompt that the worker really had, where it said so
    synchronized boolean completePrefill(Charge charge, OptionalInt cachedTokens) {
        if (charge.released || charge.firstTokenNanos != Charge.NO_TOKEN) {
            return false;
        }
        long now = nanos.getAsLong();
        WorkerActivity worker = charge.worker;
        charge.firstTokenNanos = now;
        charge.firstTokenRequests = worker.requests();
        if (charge.prefillTokens > 0) {
            double seconds = worker.completePrefill(charge, now);
            SpeedModel.Prefill done = charge.prefill.with(cachedTokens);
            if (seconds >= 0 && done.newTokens() > 0) {
                speedModel.observePrefill(done, seconds, worker.slowness());
                worker.observePrefill(seconds, done.seconds(speedModel.speeds()));
            }
            workers.changed(worker);
        }
        return true;
    }

    void produceToken(Charge charge) {
        int position = charge.tokens++;
        if (!trackOutputBlocks || charge.blockSizeTokens == 0) {
            return;
        }
        if ((charge.promptTokens + position) % charge.blockSizeTokens == 0) {
            synchronized (this) {
                if (!charge.released) {
                    charge.worker.addOutputBlock(charge);
                    workers.changed(charge.worker);
                }
            }
        }
    }

    /// Whether that was news.
    synchronized boolean release(Charge charge) {
        if (charge.released) {
            return false;
        }
        long now = nanos.getAsLong();
        charge.released = true;
        if (charge.firstTokenNanos != Charge.NO_TOKEN && charge.blockSizeTokens > 0) {
            double seconds = (now - charge.firstTokenNanos) / 1e9;
            double requests = (charge.firstTokenRequests + charge.worker.requests()) / 2.0;
            speedModel.observeAnswer(charge.tokens, seconds, requests, charge.promisedTokens);
        }
        charge.worker.release(charge, now);
        workers.changed(charge);
        return true;
    }

    private synchronized Charge add(
            WorkerId id, long[] blocks, SpeedModel.Prefill prefill, OptionalInt promised) {
        Moment now = now();
        WorkerActivity worker = workers.getOrAdd(id, now);
        double seconds = prefill.seconds(speedModel.speeds()) * worker.slowness();
        var timing = new Charge.Timing(now.nanos(), seconds, promised);
        var charge = new Charge(worker, blocks, prefill, timing);
        worker.add(charge, now);
        workers.changed(charge);
        return charge;
    }

    /// A sum over less time says little about how busy a worker is.
    private double busySpanSeconds(Moment now) {
        return Math.max(BUSY_SPAN_MIN_SECONDS, busy.spanSeconds(now.nanos()));
    }

    private Moment now() {
        long now = nanos.getAsLong();
        double wearWeight = wear.weight(now);
        double busyWeight = busy.weight(now);
        if (Math.max(wearWeight, busyWeight) < Fading.WEIGHT_MAX) {
            return new Moment(now, wearWeight, busyWeight);
        }
        for (WorkerActivity worker : workers.all()) {
            worker.rebase(1 / wearWeight, 1 / busyWeight);
            workers.changed(worker);
        }
        wear.begin(now);
        busy.begin(now);
        return new Moment(now, 1, 1);
    }

    /// Throws `IllegalStateException` on a contradiction.
    synchronized void checkInvariants() {
        workers.checkInvariants();
    }
}
