package dev.stator.routing.live;

import dev.stator.engine.wire.ActiveLoad;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.eligibility.ReportedUse;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What the workers say they carry, whoever gave it to them: for people to compare with what the
/// router has booked, and to pass over workers that are busy by it. Thread-safe.
public final class ReportedLoads implements ReportedUse, AutoCloseable {

    /// Workers that are remembered; what others say is not.
    static final int WORKERS_MAX = 4_096;

    /// How long a report counts; workers repeat theirs every three seconds.
    static final Duration REPORT_AGE_MAX = Duration.ofSeconds(10);

    private final Map<WorkerId, Report> reports = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final EventPlane.Subscription subscription;

    private record Report(long usedBlocks, long heardNanos) {}

    private ReportedLoads(WorkerProtocol protocol, EventPlane events, LongSupplier nanos) {
        this.nanos = nanos;
        this.subscription = events.subscribe(protocol.loads(), new Hearing());
    }

    /// Listens from now on.
    ///
    /// @param nanos monotonic
    public static ReportedLoads open(
            WorkerProtocol protocol, EventPlane events, LongSupplier nanos) {
        return new ReportedLoads(protocol, events, nanos);
    }

    @Override
    public long usedBlocks(WorkerId worker) {
        Report report = reports.get(worker);
        return report == null || isOld(report) ? 0 : report.usedBlocks;
    }

    private boolean isOld(Report report) {
        return nanos.getAsLong() - report.heardNanos > REPORT_AGE_MAX.toNanos();
    }

    /// KV blocks that each worker held when it last spoke, for those that are in `directory`.
    public Map<WorkerId, Long> usedBlocks(WorkerDirectory directory) {
        reports.keySet().removeIf(it -> directory.worker(it).isEmpty());
        Map<WorkerId, Long> blocks = new HashMap<>();
        reports.forEach((worker, report) -> blocks.put(worker, report.usedBlocks));
        return blocks;
    }

    @Override
    public void close() {
        subscription.close();
    }

    private final class Hearing implements EventSubscriber<ActiveLoad> {

        @Override
        public void onEvent(ActiveLoad load) {
            boolean hasRoom = reports.size() < WORKERS_MAX || reports.containsKey(load.worker());
            if (hasRoom && load.kvUsedBlocks().isPresent()) {
                var report = new Report(load.kvUsedBlocks().getAsLong(), nanos.getAsLong());
                reports.put(load.worker(), report);
            }
        }

        @Override
        public void onGap(long events) {} // the next word makes it good
    }
}
