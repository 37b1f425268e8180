package dev.stator.replay.load;

import dev.stator.platform.http.client.HttpCall;
import dev.stator.platform.http.client.HttpClient;
import dev.stator.replay.load.plan.PlannedRequest;
import dev.stator.replay.load.plan.RequestSource;
import dev.stator.replay.load.plan.Schedule;
import dev.stator.replay.load.result.LoadRecorder;
import dev.stator.replay.load.result.StreamOutcome;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Sends what a source plans, when it is due, and records what becomes of it.
///
/// One thread keeps the schedule and never waits for an answer, unless as many streams are open as
/// there may be; a request that is sent late for that reason or any other is still measured from
/// its due time. Answers are watched on the client's event loops.
final class LoadRun implements AutoCloseable {
    private final LoadTarget target;
    private final LoadSetup setup;
    private final Schedule schedule;
    private final LoadRecorder recorder;
    private final Consumer<StreamOutcome> log;
    private final HttpClient client;
    private final ScheduledExecutorService pauses =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("load-pauses").daemon().factory());
    private final Set<StreamWatch> open = ConcurrentHashMap.newKeySet();

    /// Ends that the schedule has not heard of; no more than streams are open.
    private final LinkedBlockingQueue<End> ends = new LinkedBlockingQueue<>();

    private final StreamWatch.Surroundings surroundings = new Here();
    private volatile long beginNanos;
    private volatile boolean stopping;

    private record End(PlannedRequest request, long nanos) {}

    /// @param client stays the caller's
    /// @param log is told every outcome, on an event loop
    LoadRun(
            LoadTarget target,
            LoadSetup setup,
            RequestSource source,
            HttpClient client,
            Consumer<StreamOutcome> log) {
        this.target = target;
        this.setup = setup;
        this.schedule = new Schedule(source);
        this.client = client;
        this.log = log;
        this.recorder = new LoadRecorder(setup.slo());
    }

    /// Runs until the source has no more and every answer has ended, or until `stop`.
    void run() throws InterruptedException {
        beginNanos = System.nanoTime();
        Optional<Shipment> next = prepare();
        while (!stopping && (next.isPresent() || !open.isEmpty() || !ends.isEmpty())) {
            boolean mayStart = next.isPresent() && open.size() < setup.streamsMax();
            long wait = mayStart ? next.get().plan().dueNanos() - nanos() : Long.MAX_VALUE;
            if (wait <= 0) {
                start(next.get());
                next = Optional.empty();
            } else {
                heed(wait);
            }
            next = upToDate(next);
        }
        open.forEach(StreamWatch::abandon);
    }

    /// Ends the run soon; what is still open is counted as unfinished. From any thread.
    void stop() {
        stopping = true;
    }

    LoadRecorder recorder() {
        return recorder;
    }

    /// Requests whose answers have not ended.
    int open() {
        return open.size();
    }

    /// The time in the run.
    long nanos() {
        return System.nanoTime() - beginNanos;
    }

    /// Waits for the end of an answer, at most so long, and tells the schedule of all there are.
    private void heed(long waitNanos) throws InterruptedException {
        long wait = Math.min(waitNanos, TimeUnit.MILLISECONDS.toNanos(100));
        End end = ends.poll(wait, TimeUnit.NANOSECONDS);
        while (end != null) {
            schedule.ended(end.request(), end.nanos());
            end = ends.poll();
        }
    }

    /// A request is prepared before it is due, because writing a long one takes a while.
    private Optional<Shipment> prepare() {
        return schedule.first().map(plan -> Shipment.of(plan, target, setup.conduct()));
    }

    @SuppressWarnings("ReferenceEquality") // a plan is made once
    private Optional<Shipment> upToDate(Optional<Shipment> prepared) {
        boolean isFirst =
                prepared.isPresent()
                        && schedule.first().filter(it -> it == prepared.get().plan()).isPresent();
        return isFirst ? prepared : prepare();
    }

    private void start(Shipment shipment) {
        schedule.take();
        var watch = new StreamWatch(shipment, surroundings);
        open.add(watch);
        recorder.sent(nanos() - shipment.plan().dueNanos());
        client.stream(shipment.request(), setup.timeout(), watch);
    }

    @Override
    public void close() {
        pauses.shutdownNow();
    }

    /// What watches need of this run.
    private final class Here implements StreamWatch.Surroundings {
        @Override
        public long nanos() {
            return LoadRun.this.nanos();
        }

        @Override
        public void arrived(long atNanos, int tokens, long gapNanos) {
            recorder.arrived(atNanos, tokens);
            if (gapNanos > 0) {
                recorder.gap(gapNanos);
            }
        }

        @Override
        public void resumeLater(HttpCall call) {
            long nanos = setup.conduct().slowPause().toNanos();
            var _ = pauses.schedule(call::resume, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void ended(StreamWatch watch, StreamOutcome outcome) {
            recorder.ended(outcome);
            log.accept(outcome);
            ends.add(new End(watch.shipment().plan(), outcome.endNanos()));
            open.remove(watch);
        }
    }
}
