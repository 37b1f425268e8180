package dev.stator.launch;

import dev.stator.engine.batching.StepReport;
import dev.stator.platform.metrics.Gauge;
import dev.stator.platform.metrics.Labelled;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.WorkerLoad;
import dev.stator.routing.live.FeedStats;

import java.util.Optional;
import java.util.function.Supplier;

/// The gauges of workers and index, by Dynamo's names where it has them.
final class FleetMetrics {
    private static final String WORKER = "worker_id";

    private final Metrics metrics;
    private final Labelled<Gauge> decodeBlocks;
    private final Labelled<Gauge> prefillTokens;
    private final Labelled<Gauge> running;
    private final Labelled<Gauge> waiting;
    private final Labelled<Gauge> usedBlocks;
    private final Labelled<Gauge> cachedBlocks;
    private final Labelled<Gauge> preemptions;

    FleetMetrics(Metrics metrics) {
        this.metrics = metrics;
        this.decodeBlocks =
                gauge("worker_active_decode_blocks", "Blocks booked on a worker by the router.");
        this.prefillTokens =
                gauge("worker_active_prefill_tokens", "Prompt tokens booked and not yet computed.");
        this.running = gauge("worker_running_requests", "Sequences that hold blocks.");
        this.waiting = gauge("worker_waiting_requests", "Requests that hold no blocks.");
        this.usedBlocks = gauge("worker_kv_used_blocks", "Blocks held by running sequences.");
        this.cachedBlocks = gauge("worker_kv_cached_blocks", "Blocks a later prompt may find.");
        this.preemptions = gauge("worker_preemptions", "Preemptions since the worker began.");
    }

    /// Adds what the index has done, read when the metrics are.
    void index(Supplier<FeedStats> stats) {
        metrics.gauge(
                "kv_cache_events_applied",
                "KV events applied to the prefix index.",
                () -> stats.get().applied());
        metrics.gauge(
                "kv_cache_event_gaps",
                "Times that KV events were missing.",
                () -> stats.get().gaps());
        metrics.gauge(
                "kv_cache_events_rejected",
                "KV events whose parent block was unknown.",
                () -> stats.get().rejected());
    }

    /// Sets the gauges of one worker.
    void worker(String id, StepReport report, Optional<WorkerLoad> load) {
        decodeBlocks.with(id).set(load.map(WorkerLoad::activeBlocks).orElse(0));
        prefillTokens.with(id).set((double) load.map(WorkerLoad::prefillTokens).orElse(0L));
        running.with(id).set(report.runningSequences());
        waiting.with(id).set(report.waitingRequests());
        usedBlocks.with(id).set(report.usedBlocks());
        cachedBlocks.with(id).set(report.cachedBlocks());
        preemptions.with(id).set((double) report.preemptions());
    }

    private Labelled<Gauge> gauge(String name, String help) {
        return metrics.gauge(name, help, WORKER);
    }
}
