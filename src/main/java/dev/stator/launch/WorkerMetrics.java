package dev.stator.launch;

import dev.stator.engine.batching.StepReport;
import dev.stator.platform.metrics.Metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Shows what the workers of this process do.
final class WorkerMetrics {
    private final Supplier<List<WorkerNode>> workers;

    private WorkerMetrics(Supplier<List<WorkerNode>> workers) {
        this.workers = workers;
    }

    static void show(Supplier<List<WorkerNode>> workers, Metrics metrics) {
        var of = new WorkerMetrics(workers);
        of.add(
                metrics,
                "worker_running_requests",
                "Sequences that hold blocks.",
                StepReport::runningSequences);
        of.add(
                metrics,
                "worker_waiting_requests",
                "Requests that hold no blocks.",
                StepReport::waitingRequests);
        of.add(
                metrics,
                "worker_kv_used_blocks",
                "Blocks held by running sequences.",
                StepReport::usedBlocks);
        of.add(
                metrics,
                "worker_kv_cached_blocks",
                "Blocks a later prompt may find.",
                StepReport::cachedBlocks);
        of.add(
                metrics,
                "worker_preemptions",
                "Preemptions since the worker began.",
                StepReport::preemptions);
    }

    private void add(
            Metrics metrics, String name, String help, ToDoubleFunction<StepReport> figure) {
        metrics.gauges(name, help, "worker_id", () -> values(figure));
    }

    private Map<String, Double> values(ToDoubleFunction<StepReport> figure) {
        Map<String, Double> byWorker = new HashMap<>();
        for (WorkerNode worker : workers.get()) {
            byWorker.put(worker.id(), figure.applyAsDouble(worker.report()));
        }
        return byWorker;
    }
}
