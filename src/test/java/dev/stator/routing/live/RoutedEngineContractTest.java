package dev.stator.routing.live;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineContract;
import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.simulated.SimulatedConfig;
import dev.stator.engine.simulated.SimulatedEngine;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.engine.simulated.TokenRange;
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
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/// A fleet of one simulated worker is an engine like any other.
class RoutedEngineContractTest extends EngineContract {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("contract");

    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final MemoryEventPlane events =
            new MemoryEventPlane(MemoryEventPlane.PENDING_EVENTS_MAX, Thread::startVirtualThread);
    private final MemoryRequestPlane requests = new MemoryRequestPlane();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @Override
    protected Engine open(int maxSequences, int waitingMax) {
        var source = new KvEventSource(new WorkerId(1), 1);
        var publisher = new KvEventPublisher(source, PROTOCOL.kvEvents(), events);
        Engine local =
                SimulatedEngine.open(
                        config(maxSequences, waitingMax), publisher, StepListener.NONE);
        opened.push(
                Worker.open(
                        PROTOCOL,
                        local,
                        List.of(publisher),
                        new Worker.Planes(discovery, requests),
                        Duration.ZERO));
        var index = new PackedPrefixIndex();
        IndexFeed feed = IndexFeed.open(PROTOCOL, index, events, requests);
        opened.push(feed);
        WorkerDirectory directory = WorkerDirectory.open(discovery, PROTOCOL, local.info(), feed);
        opened.push(directory);
        return new RoutedEngine(
                directory,
                new KvRouter(
                        RouterConfig.DEFAULT, index, new SplittableRandom(1), System::nanoTime),
                AdmissionConfig.OFF,
                new RoutedEngine.Surroundings(
                        requests,
                        new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime),
                        journal()));
    }

    private static DecisionJournal journal() {
        return new DecisionJournal(
                "test",
                new DecisionLog(DecisionLog.Limits.DEFAULT, InstantSource.system()),
                new HitLadder(System::nanoTime),
                DecisionListener.NONE);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        requests.close();
        events.close();
        discovery.close();
    }

    private static SimulatedConfig config(int maxSequences, int waitingMax) {
        return new SimulatedConfig(
                "worker-1",
                "simulated",
                512,
                128,
                16,
                TimingModel.INSTANT,
                new TokenRange(0, 1000),
                new BatchingConfig(
                        maxSequences,
                        256,
                        64,
                        16,
                        Duration.ofMillis(50),
                        waitingMax,
                        1_000_000,
                        Duration.ofSeconds(2),
                        0.01));
    }
}
