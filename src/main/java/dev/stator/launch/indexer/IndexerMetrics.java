package dev.stator.launch.indexer;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.index.ApplyResult;
import dev.stator.platform.metrics.Counter;
import dev.stator.platform.metrics.Histogram;
import dev.stator.platform.metrics.Labelled;
import dev.stator.platform.metrics.Metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Figures about the index under Dynamo's names.
final class IndexerMetrics {
    private static final String ENDPOINT = "endpoint";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] SECONDS = {
        0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5
    };

    private final Metrics metrics = Metrics.withPrefix("dynamo_kvindexer").withJvm();
    private final Labelled<Histogram> durations =
            metrics.histogram(
                    "request_duration_seconds", "Time to answer a request.", SECONDS, ENDPOINT);
    private final Labelled<Counter> requests =
            metrics.counter("requests_total", "Requests.", ENDPOINT, "method");
    private final Labelled<Counter> errors =
            metrics.counter("errors_total", "Requests refused.", ENDPOINT, "status_class");
    private final Labelled<Counter> repairs =
            metrics.counter(
                    "repairs_total",
                    "Times that a rank was asked for all it keeps, as blocks were forgotten.");
    private final Labelled<Counter> events =
            metrics.renamed("dynamo_kvrouter")
                    .counter(
                            "kv_cache_events_applied_total",
                            "KV events that reached an index.",
                            "event_type",
                            "status");

    /// Shows what the registry holds when the metrics are read.
    void show(IndexRegistry registry) {
        metrics.gauge("models", "Models and groups.", () -> all(registry).size());
        metrics.gauge(
                "workers",
                "Instances per model and group.",
                () -> all(registry).stream().mapToLong(IndexerMetrics::instances).sum());
        metrics.gauge(
                "blocks",
                "Blocks of all ranks.",
                () -> all(registry).stream().mapToLong(it -> it.size().heldBlocks()).sum());
        metrics.gauge(
                "index_bytes",
                "What the indexes take.",
                () -> all(registry).stream().mapToLong(GroupIndex::bytes).sum());
        metrics.gauge(
                "forgotten_blocks",
                "Blocks, counted by rank, that the indexes forgot for lack of room.",
                () -> all(registry).stream().mapToLong(GroupIndex::forgottenBlocks).sum());
        metrics.gauges("listeners", "Ranks followed.", "status", () -> listeners(registry));
    }

    /// Counts one answer.
    ///
    /// @param endpoint of the route, never what a client wrote
    void answered(String method, String endpoint, int status, Duration took) {
        requests.with(endpoint, method).increment();
        durations.with(endpoint).observe(took.toNanos() / NANOS_PER_SECOND);
        if (status >= 400) {
            errors.with(endpoint, status / 100 + "xx").increment();
        }
    }

    void applied(KvCacheEvent event, ApplyResult result) {
        String type =
                switch (event) {
                    case Stored _ -> "stored";
                    case Removed _ -> "removed";
                    case Cleared _ -> "cleared";
                };
        String status =
                switch (result) {
                    case ApplyResult.Applied _ -> "ok";
                    case ApplyResult.UnknownParent _ -> "parent_block_not_found";
                };
        events.with(type, status).increment();
    }

    void repair() {
        repairs.with().increment();
    }

    String text() {
        return metrics.text();
    }

    private static List<GroupIndex> all(IndexRegistry registry) {
        return registry.groups(_ -> true);
    }

    private static long instances(GroupIndex group) {
        return group.followers().stream()
                .map(it -> it.registration().engine().instance())
                .distinct()
                .count();
    }

    private static Map<String, Double> listeners(IndexRegistry registry) {
        Map<String, Double> byStatus = new HashMap<>();
        for (Follower.Status status : Follower.Status.values()) {
            byStatus.put(name(status), 0.0);
        }
        for (GroupIndex group : all(registry)) {
            group.followers().forEach(it -> byStatus.merge(name(it.status()), 1.0, Double::sum));
        }
        return byStatus;
    }

    private static String name(Follower.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
