package dev.stator.routing.live;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.TokenSink;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.explain.DecisionJournal;
import dev.stator.routing.explain.DecisionListener;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.HitLadder;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// A fleet of manual engines behind a routed engine, in one thread: everything has happened when a
/// call returns.
final class Fleet implements AutoCloseable {
    static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");

    final MemoryDiscovery discovery = new MemoryDiscovery();
    final MemoryEventPlane events = new MemoryEventPlane(1_000, Runnable::run);
    final MemoryRequestPlane requests = new MemoryRequestPlane();
    final PackedPrefixIndex index = new PackedPrefixIndex();
    final AtomicLong nanos = new AtomicLong();
    final DecisionLog decisions = new DecisionLog(DecisionLog.Limits.DEFAULT, () -> Instant.EPOCH);
    final HitLadder ladder = new HitLadder(nanos::get);
    final ManualWakeups wakeups = new ManualWakeups(nanos);
    final RecordingAdmissions admissions = new RecordingAdmissions();
    final List<ManualEngine> engines = new ArrayList<>();
    final List<Worker> workers = new ArrayList<>();
    final IndexFeed feed;
    final WorkerDirectory directory;
    final KvRouter router;
    final RoutedEngine engine;

    Fleet(int count, RouterConfig config) {
        this(count, config, AdmissionConfig.OFF);
    }

    Fleet(int count, RouterConfig config, AdmissionConfig admission) {
        feed = IndexFeed.open(PROTOCOL, index, events, requests);
        var served = new ManualEngine("none", _ -> {}).info();
        directory = WorkerDirectory.open(discovery, PROTOCOL, served, feed);
        router = new KvRouter(config, index, new SplittableRandom(1), System::nanoTime);
        engine =
                new RoutedEngine(
                        directory,
                        router,
                        admission,
                        new RoutedEngine.Surroundings(
                                requests,
                                new RoutedEngine.Clocks(() -> Instant.EPOCH, nanos::get),
                                new DecisionJournal(
                                        "test", decisions, ladder, DecisionListener.NONE),
                                wakeups,
                                admissions));
        for (int i = 0; i < count; i++) {
            addWorker(i + 1L);
        }
    }

    Worker addWorker(long id) {
        var source = new KvEventSource(new WorkerId(id), 7_000 + engines.size());
        var publisher = new KvEventPublisher(source, PROTOCOL.kvEvents(), events);
        var local = new ManualEngine("worker-" + id, publisher);
        engines.add(local);
        var worker =
                Worker.open(
                        PROTOCOL,
                        local,
                        List.of(publisher),
                        new Worker.Planes(discovery, requests),
                        Duration.ZERO);
        workers.add(worker);
        return worker;
    }

    /// A worker whose engine has ranks, each a manual engine; they follow in `engines`.
    Worker addRanks(long id, int count) {
        List<KvEventPublisher> publishers =
                new WorkerCard.Ranks(0, count)
                        .of(id).stream()
                                .map(rank -> new KvEventSource(rank, 9_000))
                                .map(it -> new KvEventPublisher(it, PROTOCOL.kvEvents(), events))
                                .toList();
        List<ManualEngine> ranks =
                publishers.stream()
                        .map(it -> new ManualEngine(it.source().worker().toString(), it))
                        .toList();
        engines.addAll(ranks);
        var worker =
                Worker.open(
                        PROTOCOL,
                        new RankedManualEngine(ranks),
                        publishers,
                        new Worker.Planes(discovery, requests),
                        Duration.ZERO);
        workers.add(worker);
        return worker;
    }

    /// Insists on being told the rank.
    private record RankedManualEngine(List<ManualEngine> ranks) implements Engine {

        @Override
        public EngineInfo info() {
            return ranks.getFirst().info();
        }

        @Override
        public Generation generate(GenerationRequest request, TokenSink sink) {
            return ranks.get(request.rank().orElseThrow()).generate(request, sink);
        }

        @Override
        public void close() {
            ranks.forEach(ManualEngine::close);
        }
    }

    RecordingSink send(String id, TokenIds prompt) {
        var sink = new RecordingSink();
        engine.generate(request(id, prompt), sink);
        return sink;
    }

    /// What the router believes a worker carries.
    WorkerLoad load(WorkerId worker) {
        return Optional.ofNullable(router.active().loads().get(worker)).orElseThrow();
    }

    /// The one engine that runs something.
    ManualEngine busy() {
        List<ManualEngine> busy = engines.stream().filter(it -> !it.running().isEmpty()).toList();
        if (busy.size() != 1) {
            throw new AssertionError(busy.size() + " engines run something");
        }
        return busy.getFirst();
    }

    static GenerationRequest request(String id, TokenIds prompt) {
        return new GenerationRequest(
                id,
                prompt,
                SamplingParams.GREEDY,
                new StopConditions(16, 0, Set.of()),
                OptionalInt.empty(),
                CacheNamespace.SHARED);
    }

    static TokenIds prompt(int first, int length) {
        return TokenIds.of(IntStream.range(first, first + length).toArray());
    }

    @Override
    public void close() {
        engine.close();
        workers.forEach(Worker::close);
        directory.close();
        feed.close();
        requests.close();
        events.close();
        discovery.close();
    }
}
