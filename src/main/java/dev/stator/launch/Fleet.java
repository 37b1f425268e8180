package dev.stator.launch;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineInfo;
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
import dev.stator.routing.DecisionLog;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.live.IndexFeed;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.live.WorkerDirectory;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Workers and a router in this process, joined by in-process planes.
///
/// Opened with the shape its workers will have, then filled with workers one by one.
final class Fleet implements AutoCloseable {
    private static final String NAMESPACE = "dynamo";
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
    private final List<Worker> workers = new ArrayList<>(); // guarded by this
    private final IndexFeed feed;
    private final WorkerDirectory directory;
    private final DecisionLog decisions = new DecisionLog(DecisionLog.DECISIONS_MAX);
    private final RoutedEngine engine;

    /// Makes an engine whose cache changes go to the listener.
    @FunctionalInterface
    interface EngineFactory {
        Engine open(String worker, KvCacheListener cache);
    }

    Fleet(EngineInfo served, RouterConfig config) {
        var index = new RadixPrefixIndex();
        this.feed = IndexFeed.open(protocol, index, events, requests);
        this.directory = WorkerDirectory.open(discovery, protocol, served, feed);
        this.engine =
                new RoutedEngine(
                        directory,
                        new KvRouter(config, index, random),
                        requests,
                        decisions,
                        new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime));
        audits.execute(this::audit);
    }

    /// Opens one more worker, numbered from 1; requests may reach it before this returns.
    synchronized void add(EngineFactory factory) {
        var id = new WorkerId(workers.size() + 1);
        var source = new KvEventSource(id, random.nextLong());
        var publisher = new KvEventPublisher(source, protocol.kvEvents(), events);
        Engine local = factory.open(id.toString(), publisher);
        workers.add(
                Worker.open(
                        protocol,
                        local,
                        publisher,
                        new Worker.Planes(discovery, requests),
                        DRAIN_LIMIT));
    }

    /// All workers as one engine.
    Engine engine() {
        return engine;
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
        members.put("transport", new JsonString(instance.transport()));
        return new JsonObject(members);
    }

    /// Asks the workers once a period for what the index may have missed, until closing.
    private void audit() {
        try {
            while (!audits.isShutdown()) {
                Thread.sleep(AUDIT_PERIOD);
                feed.audit();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Withdraws and drains the workers, then takes the planes down.
    @Override
    public synchronized void close() {
        audits.shutdownNow();
        workers.parallelStream().forEach(Worker::close);
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
