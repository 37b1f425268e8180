package dev.stator.replay.offline;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.replay.offline.ReplayConfig.TimeModel.Batching;
import dev.stator.replay.offline.ReplayConfig.TimeModel.None;
import dev.stator.replay.offline.ReplayConfig.TimeModel.PrefillQueue;
import dev.stator.replay.offline.policy.Fleet;
import dev.stator.replay.offline.policy.Fleet.TrueLoad;
import dev.stator.replay.offline.policy.Policy;
import dev.stator.replay.offline.policy.Policy.Placement;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.offline.policy.Stage;
import dev.stator.replay.offline.worker.Agenda;
import dev.stator.replay.offline.worker.Agenda.Rank;
import dev.stator.replay.offline.worker.BatchingWorker;
import dev.stator.replay.offline.worker.BlockCache;
import dev.stator.replay.offline.worker.InstantWorker;
import dev.stator.replay.offline.worker.Job;
import dev.stator.replay.offline.worker.PrefillQueueWorker;
import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.offline.worker.SimulatedWorker;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One run of a trace under one policy, from one seed.
public final class Replay {
    private static final int BUCKETS = 60;
    private static final int STEPS_UNWATCHED_MAX = 4_096;
    private static final PrefillTime UNIT_TIME = new PrefillTime(1);
    private static final long BUCKET_NANOS_MIN = 1_000_000_000L;

    private final Trace trace;
    private final ReplayConfig config;
    private final Agenda agenda = new Agenda();
    private final RunLedger ledger;
    private final List<SimulatedWorker> workers;
    private final Policy policy;
    private final SessionOrder sessions;
    private final long seed;
    private int arrived;

    private Replay(Trace trace, ReplayConfig config, PolicyChoice choice, long seed) {
        this.trace = trace;
        this.config = config;
        this.seed = seed;
        sessions = new SessionOrder(trace.requests(), config.sessions());
        List<TrueLoad> loads = Stream.generate(TrueLoad::new).limit(config.workers()).toList();
        ledger = new RunLedger(agenda, loads, size(), this::ended);
        PrefixIndex index = new PackedPrefixIndex();
        workers =
                IntStream.range(0, config.workers())
                        .mapToObj(i -> worker(i, listener(i, index, choice)))
                        .toList();
        var fleet = new Fleet(workers, loads, prefillTime(), config.balanceSlackBlocks());
        policy =
                new Stage(
                                index,
                                fleet,
                                agenda,
                                config.capacityBlocks(),
                                trace.blockSizeTokens(),
                                seed)
                        .open(choice);
    }

    /// Plays the whole trace.
    public static RunResult run(Trace trace, ReplayConfig config, PolicyChoice choice, long seed) {
        return run(trace, config, choice, seed, ReplayWatch.NONE);
    }

    /// Plays the trace as far as the watch lets it.
    static RunResult run(
            Trace trace, ReplayConfig config, PolicyChoice choice, long seed, ReplayWatch watch) {
        long begin = System.nanoTime();
        var replay = new Replay(trace, config, choice, seed);
        boolean isWhole = replay.play(choice.name(), watch);
        var wallTime = Duration.ofNanos(System.nanoTime() - begin);
        return replay.ledger.result(seed, !isWhole, replay.arrived, wallTime);
    }

    /// False when the watch has ended it.
    private boolean play(String name, ReplayWatch watch) {
        for (int number : sessions.first()) {
            arriveAt(number, arrivalNanos(trace.requests().get(number)));
        }
        int seen = -1;
        for (long steps = 0; agenda.step(); steps++) {
            if (arrived != seen || steps % STEPS_UNWATCHED_MAX == 0) {
                seen = arrived;
                if (!watch.goesOn(name, arrived, trace.requests().size())) {
                    return false;
                }
            }
        }
        return true;
    }

    private void arriveAt(int number, long nanos) {
        agenda.at(nanos, Rank.ARRIVAL, () -> arrive(number));
    }

    private void arrive(int number) {
        arrived++;
        TraceRequest request = trace.requests().get(number);
        var job =
                new Job(
                        number,
                        request,
                        PromptBlocks.of(request.blocks(), trace.blockSizeTokens()),
                        agenda.nowNanos());
        switch (policy.place(job)) {
            case Placement.On(int worker) -> {
                ledger.placed(worker);
                workers.get(worker).submit(job);
            }
            case Placement.Rejected _ -> {
                ledger.rejected();
                ended(job);
            }
            case Placement.Failed _ -> {
                ledger.failed();
                ended(job);
            }
        }
    }

    /// The next turn of a session may come.
    private void ended(Job job) {
        sessions.after(job.number())
                .ifPresent(
                        number -> {
                            long think = thinkNanos(trace.requests().get(number));
                            arriveAt(number, agenda.nowNanos() + think);
                        });
    }

    private long arrivalNanos(TraceRequest request) {
        return (long) (request.arrivalNanos() / config.speed());
    }

    private long thinkNanos(TraceRequest request) {
        return (long) (request.turn().orElseThrow().thinkNanos() / config.speed());
    }

    private SimulatedWorker worker(int number, BlockCache.Listener listener) {
        var cache = new BlockCache(config.capacityBlocks(), listener);
        return switch (config.time()) {
            case None _ -> new InstantWorker(number, cache, ledger);
            case PrefillQueue(var time) ->
                    new PrefillQueueWorker(number, cache, time, agenda, ledger);
            case Batching(var limits) -> new BatchingWorker(number, cache, limits, agenda, ledger);
        };
    }

    private BlockCache.Listener listener(int worker, PrefixIndex index, PolicyChoice choice) {
        return switch (choice) {
            case PolicyChoice.Reference _ -> BlockCache.Listener.NONE;
            case PolicyChoice.Production _, PolicyChoice.Llmd _ ->
                    new EventChannel(
                            new WorkerId(worker),
                            index,
                            config.events(),
                            agenda,
                            new SplittableRandom(seed ^ (worker + 1L) << 32));
        };
    }

    private PrefillTime prefillTime() {
        return switch (config.time()) {
            case PrefillQueue(var time) -> time;
            case None _, Batching _ -> UNIT_TIME;
        };
    }

    private RunLedger.Size size() {
        List<TraceRequest> requests = trace.requests();
        long last = requests.isEmpty() ? 0 : arrivalNanos(requests.getLast());
        return new RunLedger.Size(
                requests.size(), Math.max(BUCKET_NANOS_MIN, last / BUCKETS), config.ttftPromise());
    }
}
