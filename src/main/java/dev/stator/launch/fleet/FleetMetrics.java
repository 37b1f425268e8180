package dev.stator.launch.fleet;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.admission.ClassUsage;
import dev.stator.routing.live.FeedStats;
import dev.stator.routing.live.LiveWorker;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.sync.SyncStats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// Shows what routers and indexes do, by Dynamo's names where it has them.
final class FleetMetrics {
    private static final String WORKER = "worker_id";
    private static final List<String> QUEUE = List.of("model", "policy_class");

    private final Fleets fleets;

    private FleetMetrics(Fleets fleets) {
        this.fleets = fleets;
    }

    static void show(Fleets fleets, Metrics metrics) {
        var of = new FleetMetrics(fleets);
        of.showLoads(metrics);
        of.showIndexes(metrics);
        of.showSync(metrics);
    }

    private void showLoads(Metrics metrics) {
        metrics.gauges(
                "worker_active_decode_blocks",
                "Blocks booked on a worker by the router.",
                WORKER,
                () -> loads(WorkerLoad::activeBlocks));
        metrics.gauges(
                "worker_active_prefill_tokens",
                "Prompt tokens booked and not yet computed.",
                WORKER,
                () -> loads(WorkerLoad::prefillTokens));
        metrics.gauges(
                "router_queue_pending_requests",
                "Requests that wait for a worker.",
                QUEUE,
                () -> waiting(ClassUsage::requests));
        metrics.gauges(
                "router_queue_pending_isl_tokens",
                "Prompt tokens of the requests that wait for a worker.",
                QUEUE,
                () -> waiting(ClassUsage::promptTokens));
        metrics.gauges(
                "router_queue_pending_cached_tokens",
                "Those of these prompt tokens that some worker had cached.",
                QUEUE,
                () -> waiting(ClassUsage::cachedTokens));
        metrics.gauges(
                "worker_reported_kv_used_blocks",
                "KV blocks in use, by the word of workers that report them.",
                WORKER,
                this::reportedBlocks);
    }

    private void showIndexes(Metrics metrics) {
        metrics.gauge(
                "kv_index_blocks",
                "Blocks of all workers that the prefix indexes know.",
                this::indexedBlocks);
        metrics.gauge("kv_index_bytes", "What the prefix indexes take.", this::indexBytes);
        metrics.gauge(
                "kv_index_forgotten_blocks",
                "Blocks, counted by worker, that the prefix indexes forgot for lack of room.",
                this::forgottenBlocks);
        metrics.gauge(
                "kv_cache_events_applied",
                "KV events applied to the prefix index.",
                () -> sum(FeedStats::applied));
        metrics.gauge(
                "kv_cache_event_gaps",
                "Times that KV events were missing.",
                () -> sum(FeedStats::gaps));
        metrics.gauge(
                "kv_cache_events_rejected",
                "KV events whose parent block was unknown.",
                () -> sum(FeedStats::rejected));
        metrics.gauge(
                "kv_cache_events_ignored",
                "KV events that were old, or of a cache that is not followed.",
                () -> sum(FeedStats::ignored));
        metrics.gauge(
                "kv_cache_event_repairs",
                "Answers of workers with what was missing, or with everything they hold.",
                () -> sum(it -> it.replays() + it.dumps()));
        metrics.gauge(
                "kv_cache_event_failed_questions",
                "Questions to workers that got no answer.",
                () -> sum(FeedStats::failedQueries));
        metrics.gauge(
                "workers_without_kv_events",
                "Workers whose cached blocks cannot be seen.",
                this::workersWithoutEvents);
    }

    private void showSync(Metrics metrics) {
        metrics.gauge(
                "router_sync_sent_messages",
                "Messages to other routers about bookings.",
                () -> synced(SyncStats::published));
        metrics.gauge(
                "router_sync_dropped_messages",
                "Messages to other routers that found no room.",
                () -> synced(SyncStats::dropped));
        metrics.gauge(
                "router_sync_routers",
                "Other routers that are heard.",
                () -> synced(it -> it.foreign().sessions()));
        metrics.gauge(
                "router_sync_foreign_bookings",
                "Bookings of other routers that are charged now.",
                () -> synced(it -> it.foreign().held()));
        metrics.gauge(
                "router_sync_repaired_bookings",
                "Bookings that had to be asked for, or were given back because nobody spoke of"
                        + " them.",
                () -> synced(it -> it.foreign().wanted() + it.foreign().expired()));
    }

    private long synced(ToLongFunction<SyncStats> figure) {
        return fleets.all().stream().flatMap(it -> it.syncStats().stream()).mapToLong(figure).sum();
    }

    private Map<String, Double> loads(ToDoubleFunction<WorkerLoad> figure) {
        Map<String, Double> byWorker = new HashMap<>();
        for (ModelFleet fleet : fleets.all()) {
            Map<WorkerId, WorkerLoad> loads = fleet.loads();
            for (LiveWorker worker : fleet.workers()) {
                WorkerLoad load = loads.get(worker.id());
                byWorker.put(worker.id().toString(), load == null ? 0 : figure.applyAsDouble(load));
            }
        }
        return byWorker;
    }

    private Map<List<String>, Double> waiting(ToDoubleFunction<ClassUsage> figure) {
        Map<List<String>, Double> byClass = new HashMap<>();
        for (ModelFleet fleet : fleets.all()) {
            String model = fleet.engine().info().model();
            fleet.engine()
                    .waitingByClass()
                    .forEach(
                            (name, usage) ->
                                    byClass.put(List.of(model, name), figure.applyAsDouble(usage)));
        }
        return byClass;
    }

    private Map<String, Double> reportedBlocks() {
        Map<String, Double> byWorker = new HashMap<>();
        fleets.all()
                .forEach(
                        fleet ->
                                fleet.reportedBlocks()
                                        .forEach(
                                                (worker, blocks) ->
                                                        byWorker.put(
                                                                worker.toString(),
                                                                blocks.doubleValue())));
        return byWorker;
    }

    private long sum(ToLongFunction<FeedStats> figure) {
        return fleets.all().stream().mapToLong(it -> figure.applyAsLong(it.feedStats())).sum();
    }

    private long indexedBlocks() {
        return fleets.all().stream().mapToLong(it -> it.indexSize().heldBlocks()).sum();
    }

    private long indexBytes() {
        return fleets.all().stream().mapToLong(ModelFleet::indexBytes).sum();
    }

    private long forgottenBlocks() {
        return fleets.all().stream().mapToLong(ModelFleet::forgottenBlocks).sum();
    }

    private long workersWithoutEvents() {
        return fleets.all().stream()
                .flatMap(it -> it.workers().stream())
                .filter(it -> !it.card().publishesEvents())
                .count();
    }
}
