package dev.stator.replay.offline;

import dev.stator.replay.offline.policy.Fleet.TrueLoad;
import dev.stator.replay.offline.worker.Agenda;
import dev.stator.replay.offline.worker.Job;
import dev.stator.replay.offline.worker.SimulatedWorker;
import dev.stator.replay.result.Distribution;
import dev.stator.replay.result.LoadBalance;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.result.RunResult.CacheUse;
import dev.stator.replay.result.RunResult.Flow;
import dev.stator.replay.result.RunResult.Outcomes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Notes what happens to jobs and sums it up.
final class RunLedger implements SimulatedWorker.Ledger {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Agenda agenda;
    private final List<TrueLoad> loads;
    private final Consumer<Job> next;
    private final long ttftPromiseNanos;

    private final double[] ttft;
    private final double[] endToEnd;
    private final double[] interToken;
    private final long[] firstTokenNanos;
    private final int[] requestsByWorker;
    private final WorkByTime work;
    private int firstTokens;
    private int ends;
    private int gaps;
    private int kept;
    private long blocks;
    private long hitBlocks;
    private long tokens;
    private long hitTokens;
    private final double[] busySeconds;
    private int underWay;
    private long underWaySinceNanos;
    private long underWayNanos;
    private long waitingNanos; // of all requests together
    private long outputTokens;
    private int rejected;
    private int failed;

    /// @param next hears of each job that has ended
    RunLedger(Agenda agenda, List<TrueLoad> loads, Size size, Consumer<Job> next) {
        this.agenda = agenda;
        this.loads = loads;
        this.next = next;
        this.ttftPromiseNanos = size.ttftPromise().toNanos();
        ttft = new double[size.requests()];
        endToEnd = new double[size.requests()];
        interToken = new double[size.requests()];
        firstTokenNanos = new long[size.requests()];
        requestsByWorker = new int[loads.size()];
        busySeconds = new double[loads.size()];
        work = new WorkByTime(loads.size(), size.bucketNanos());
    }

    /// How much there is to note.
    record Size(int requests, long bucketNanos, Duration ttftPromise) {}

    void placed(int worker) {
        requestsByWorker[worker]++;
        if (underWay++ == 0) {
            underWaySinceNanos = agenda.nowNanos();
        }
    }

    void rejected() {
        rejected++;
    }

    void failed() {
        failed++;
    }

    @Override
    public void failed(Job job) {
        failed++;
        left();
        job.follower().ended();
        next.accept(job);
    }

    @Override
    public void begun(int worker, Job job) {
        int uncached = job.blocks().count() - job.hitBlocks();
        loads.get(worker).begun(uncached);
        waitingNanos += agenda.nowNanos() - job.arrivalNanos();
        work.add(worker, agenda.nowNanos(), uncached);
        blocks += job.blocks().count();
        hitBlocks += job.hitBlocks();
        tokens += job.request().inputTokens();
        hitTokens +=
                Math.min(
                        job.request().inputTokens(),
                        (long) job.hitBlocks() * job.blocks().blockSizeTokens());
    }

    @Override
    public void firstToken(int worker, Job job) {
        long nanos = agenda.nowNanos() - job.arrivalNanos();
        firstTokenNanos[job.number()] = agenda.nowNanos();
        ttft[firstTokens++] = nanos / NANOS_PER_SECOND;
        kept += nanos <= ttftPromiseNanos ? 1 : 0;
        job.follower().prefillCompleted();
    }

    @Override
    public void ended(int worker, Job job) {
        long now = agenda.nowNanos();
        left();
        endToEnd[ends++] = (now - job.arrivalNanos()) / NANOS_PER_SECOND;
        long decode = now - firstTokenNanos[job.number()];
        outputTokens += decode > 0 ? job.request().outputTokens() : 1;
        if (decode > 0 && job.request().outputTokens() > 1) {
            interToken[gaps++] = decode / NANOS_PER_SECOND / (job.request().outputTokens() - 1);
        }
        job.follower().ended();
        next.accept(job);
    }

    private void left() {
        if (--underWay == 0) {
            underWayNanos += agenda.nowNanos() - underWaySinceNanos;
        }
    }

    @Override
    public void busy(int worker, long nanos) {
        busySeconds[worker] += nanos / NANOS_PER_SECOND;
    }

    /// @param requests that have arrived
    RunResult result(long seed, boolean isInterrupted, int requests, Duration wallTime) {
        double seconds = agenda.nowNanos() / NANOS_PER_SECOND;
        return new RunResult(
                seed,
                isInterrupted,
                requests,
                new Outcomes(rejected, failed, 0),
                new CacheUse(blocks, hitBlocks, tokens, hitTokens),
                Distribution.of(ttft, firstTokens),
                Distribution.of(endToEnd, ends),
                Distribution.of(interToken, gaps),
                flow(seconds),
                balance(seconds),
                wallTime);
    }

    private Flow flow(double seconds) {
        long open = underWay == 0 ? 0 : agenda.nowNanos() - underWaySinceNanos;
        double active = (underWayNanos + open) / NANOS_PER_SECOND;
        double waiting = waitingNanos / NANOS_PER_SECOND / loads.size();
        return new Flow(
                seconds == 0 ? 0 : kept / seconds,
                active == 0 ? 0 : outputTokens / active,
                active == 0 ? 0 : waiting / active);
    }

    private LoadBalance balance(double seconds) {
        return new LoadBalance(
                work.bucketNanos / NANOS_PER_SECOND,
                work.toLists(),
                Arrays.stream(requestsByWorker).boxed().toList(),
                Arrays.stream(busySeconds).boxed().toList(),
                seconds);
    }

    /// Blocks begun per worker and bucket of time.
    private static final class WorkByTime {
        private final long bucketNanos;
        private final List<long[]> buckets = new ArrayList<>();
        private final int workers;

        WorkByTime(int workers, long bucketNanos) {
            this.workers = workers;
            this.bucketNanos = bucketNanos;
        }

        void add(int worker, long nanos, int count) {
            int bucket = Math.toIntExact(nanos / bucketNanos);
            while (buckets.size() <= bucket) {
                buckets.add(new long[workers]);
            }
            buckets.get(bucket)[worker] += count;
        }

        List<List<Long>> toLists() {
            List<List<Long>> lists = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                int number = worker;
                lists.add(buckets.stream().map(it -> it[number]).toList());
            }
            return lists;
        }
    }
}
