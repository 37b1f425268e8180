package dev.stator.launch;

import dev.stator.engine.batching.StepReport;
import dev.stator.engine.remote.HealthListener;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.launch.engines.EngineRoom;
import dev.stator.launch.engines.OpenedEngine;
import dev.stator.launch.planes.Planes;
import dev.stator.model.card.ModelFiles;
import dev.stator.runtime.events.Topic;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.LoadPublisher;
import dev.stator.worker.Worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// One engine that the planes can reach.
final class WorkerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(1);

    private final long id;
    private final OpenedEngine engine;
    private final Worker worker;
    private final Optional<Thread> looking;

    /// @param protocol where the worker is found
    /// @param publishesEvents whether others hear what its caches store and drop
    /// @param publishesLoads whether others hear how many blocks are in use
    /// @param files by which frontends in other processes know the model
    /// @param kind what routers may ask for
    record Settings(
            WorkerProtocol protocol,
            long id,
            boolean publishesEvents,
            boolean publishesLoads,
            Optional<ModelFiles> files,
            Worker.Kind kind) {}

    /// Serves one more engine of the room; requests may reach it before this returns.
    ///
    /// Throws `IOException` when its server cannot be attached to.
    WorkerNode(Planes planes, Settings settings, EngineRoom engines)
            throws IOException, InterruptedException {
        this.id = settings.id();
        long incarnation = new SecureRandom().nextLong();
        List<KvEventPublisher> publishers =
                new WorkerCard.Ranks(0, engines.ranks())
                        .of(id).stream()
                                .map(rank -> new KvEventSource(rank, incarnation))
                                .map(source -> publisher(planes, settings, source))
                                .toList();
        this.engine = engines.open(Long.toHexString(id), publishers);
        this.worker =
                Worker.open(
                        settings.protocol(),
                        engine.engine(),
                        publishers,
                        new Worker.Planes(
                                planes.discovery(),
                                planes.requests(),
                                settings.files(),
                                settings.kind()),
                        DRAIN_LIMIT);
        engine.health().accept(new Availability(worker));
        this.looking =
                settings.publishesLoads() ? Optional.of(look(planes, settings)) : Optional.empty();
    }

    /// Only of ranks that know how many blocks they have.
    private Thread look(Planes planes, Settings settings) {
        Map<WorkerId, IntSupplier> usedBlocks = new HashMap<>();
        for (int rank = 0; rank < engine.ranks().size(); rank++) {
            Supplier<StepReport> report = engine.ranks().get(rank);
            if (report.get().totalBlocks() > 0) {
                usedBlocks.put(new WorkerId(id, rank), () -> report.get().usedBlocks());
            }
        }
        var loads = new LoadPublisher(settings.protocol().loads(), planes.events(), usedBlocks);
        return Thread.ofVirtual().name("loads").start(() -> look(loads));
    }

    private static void look(LoadPublisher loads) {
        try {
            while (true) {
                Thread.sleep(LOOK_PERIOD);
                loads.look();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static KvEventPublisher publisher(
            Planes planes, Settings settings, KvEventSource source) {
        Topic<WorkerKvEvent> topic = settings.protocol().kvEvents();
        return settings.publishesEvents()
                ? new KvEventPublisher(source, topic, planes.events())
                : KvEventPublisher.silent(source, topic);
    }

    /// What others reach.
    Worker worker() {
        return worker;
    }

    /// Under which it is found, in hexadecimal.
    String id() {
        return Long.toHexString(id);
    }

    StepReport report() {
        return engine.report();
    }

    /// Shows the worker while its engine is of use.
    private record Availability(Worker worker) implements HealthListener {

        @Override
        public void onUp() {
            LOG.info("the engine produces tokens again");
            worker.setAvailable(true);
        }

        @Override
        public void onDown(String reason) {
            LOG.warn("the engine produces no tokens, the worker is withdrawn: {}", reason);
            worker.setAvailable(false);
        }
    }

    /// Withdraws, lets running requests end within the limit, and closes the engine.
    @Override
    public void close() {
        looking.ifPresent(Thread::interrupt);
        worker.close();
    }
}
