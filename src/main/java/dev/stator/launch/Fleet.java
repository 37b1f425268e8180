package dev.stator.launch;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.frontend.HealthSource;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.RadixPrefixIndex;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.DecisionLog;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.WorkerLoad;
import dev.stator.routing.live.IndexFeed;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.live.WorkerDirectory;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Workers and a router in this process, joined by in-process planes.
///
/// Opened with the shape its workers will have, then filled with workers one by one.
final class Fleet implements AutoCloseable {
    private static final String NAMESPACE = "dynamo";
    private static final long ROUTER_ID = 0;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);
    private static final Duration AUDIT_PERIOD = Duration.ofSeconds(1);

    private final WorkerProtocol protocol = WorkerProtocol.in(NAMESPACE);
    private final SecureRandom random = new SecureRandom();
    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final ExecutorService eventThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final MemoryEventPlane events =
            new MemoryEventPlane(MemoryEventPlane.PENDING_EVENTS_MAX, eventThreads);
    private final MemoryRequestPlane requests = new MemoryRequestPlane();
    private final ExecutorService audits =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("index-audit").factory());
    private final List<Local> workers = new CopyOnWriteArrayList<>();
    private final IndexFeed feed;
    private final WorkerDirectory directory;
    private final DecisionLog decisions = new DecisionLog(DecisionLog.DECISIONS_MAX);
    private final KvRouter router;
    private final RoutedEngine engine;
    private volatile Runnable sampled = () -> {};

    private record Local(WorkerId id, BatchingEngine engine, Worker worker) {}

    /// Makes an engine whose cache changes go to the listener.
    @FunctionalInterface
    interface EngineFactory {
        BatchingEngine open(String worker, KvCacheListener cache);
    }

    Fleet(EngineInfo served, RouterConfig config) {
        var index = new RadixPrefixIndex();
        this.feed = IndexFeed.open(protocol, index, events, requests);
        this.directory = WorkerDirectory.open(discovery, protocol, served, feed);
        this.router = new KvRouter(config, index, new SplittableRandom(random.nextLong()));
        this.engine =
                new RoutedEngine(
                        directory,
                        router,
                        requests,
                        decisions,
                        new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime));
        if (config.mode() == RoutingMode.KV) {
            announceRouter();
        }
        audits.execute(this::audit);
    }

    /// The router is an instance too, by the name Dynamo gives it.
    private void announceRouter() {
        var endpoint = new EndpointId(NAMESPACE, "kv-router", "generate");
        discovery.announce(
                Instance.of(endpoint, ROUTER_ID, new Transport(Transport.MEMORY, "router")));
    }

    /// Opens one more worker, numbered from 1; requests may reach it before this returns.
    synchronized void add(EngineFactory factory) {
        var id = new WorkerId(workers.size() + 1);
        var source = new KvEventSource(id, random.nextLong());
        var publisher = new KvEventPublisher(source, protocol.kvEvents(), events);
        BatchingEngine local = factory.open(id.toString(), publisher);
        var worker =
                Worker.open(
                        protocol,
                        local,
                        publisher,
                        new Worker.Planes(discovery, requests),
                        DRAIN_LIMIT);
        workers.add(new Local(id, local, worker));
    }

    /// All workers as one engine.
    Engine engine() {
        return engine;
    }

    /// Shows what the workers and the index do, sampled once per period.
    void showOn(Metrics metrics) {
        var gauges = new FleetMetrics(metrics);
        gauges.index(feed::stats);
        sampled =
                () -> {
                    Map<WorkerId, WorkerLoad> loads = router.active().loads();
                    workers.forEach(
                            it ->
                                    gauges.worker(
                                            it.id().toString(),
                                            it.engine().report(),
                                            Optional.ofNullable(loads.get(it.id()))));
                };
    }

    /// What stands behind the frontend, in the shape of Dynamo's `/health`.
    HealthSource.Instances instances() {
        List<Instance> found = discovery.instances();
        return new HealthSource.Instances(
                found.stream().map(it -> it.endpoint().uri()).distinct().sorted().toList(),
                found.stream().map(Fleet::json).toList());
    }

    private static JsonObject json(Instance instance) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("component", new JsonString(instance.endpoint().component()));
        members.put("endpoint", new JsonString(instance.endpoint().endpoint()));
        members.put("namespace", new JsonString(instance.endpoint().namespace()));
        members.put("instance_id", JsonNumber.ofUnsigned(instance.instanceId()));
        members.put(
                "transport",
                new JsonObject(
                        Map.of(
                                instance.transport().kind(),
                                new JsonString(instance.transport().address()))));
        return new JsonObject(members);
    }

    /// Once a period until closing: asks the workers for what the index may have missed, and
    /// samples the gauges.
    private void audit() {
        try {
            while (!audits.isShutdown()) {
                Thread.sleep(AUDIT_PERIOD);
                feed.audit();
                sampled.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Withdraws and drains the workers, then takes the planes down.
    @Override
    public synchronized void close() {
        audits.shutdownNow();
        workers.parallelStream().forEach(it -> it.worker().close());
        workers.clear();
        engine.close();
        directory.close();
        feed.close();
        requests.close();
        events.close();
        discovery.close();
        eventThreads.shutdown();
    }
}
