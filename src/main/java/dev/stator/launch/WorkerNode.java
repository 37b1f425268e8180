package dev.stator.launch;

import dev.stator.engine.batching.StepReport;
import dev.stator.engine.remote.HealthListener;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.launch.engines.EngineRoom;
import dev.stator.launch.engines.OpenedEngine;
import dev.stator.launch.planes.Planes;
import dev.stator.model.card.ModelFiles;
import dev.stator.runtime.events.Topic;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One engine that the planes can reach.
final class WorkerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

    private final long id;
    private final OpenedEngine engine;
    private final Worker worker;

    /// @param protocol where the worker is found
    /// @param publishesEvents whether others hear what its caches store and drop
    /// @param files by which frontends in other processes know the model
    record Settings(
            WorkerProtocol protocol,
            long id,
            boolean publishesEvents,
            Optional<ModelFiles> files) {}

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
                        new Worker.Planes(planes.discovery(), planes.requests(), settings.files()),
                        DRAIN_LIMIT);
        engine.health().accept(new Availability(worker));
    }

    private static KvEventPublisher publisher(
            Planes planes, Settings settings, KvEventSource source) {
        Topic<WorkerKvEvent> topic = settings.protocol().kvEvents();
        return settings.publishesEvents()
                ? new KvEventPublisher(source, topic, planes.events())
                : KvEventPublisher.silent(source, topic);
    }

    /// Under which it is found, in hexadecimal.
    String id() {
        return Long.toHexString(id);
    }

    StepReport report() {
        return engine.report().get();
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
        worker.close();
    }
}
