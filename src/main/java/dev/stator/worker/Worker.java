package dev.stator.worker;

import dev.stator.engine.Engine;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.model.card.ModelFiles;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.requests.RequestPlane;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An engine that the network can use.
///
/// It is announced only while it really serves: once its endpoints answer, and until closing
/// begins. Thread-safe.
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Engine engine;
    private final KvEventSource source; // of the first rank
    private final Duration drainLimit;
    private final GenerateService service;
    private final List<ServedEndpoint> queries = new ArrayList<>(); // one per rank
    private final ServedEndpoint generations;
    private boolean isClosing; // guarded by this

    /// The ways a worker reaches others, and what they know it by.
    ///
    /// @param files by which frontends know its model
    /// @param taints the kinds of worker it is
    public record Planes(
            Discovery discovery,
            RequestPlane requests,
            Optional<ModelFiles> files,
            Set<String> taints) {

        /// For a model that frontends know already.
        public Planes(Discovery discovery, RequestPlane requests) {
            this(discovery, requests, Optional.empty(), Set.of());
        }
    }

    private Worker(
            WorkerProtocol protocol,
            Engine engine,
            List<KvEventPublisher> kv,
            Planes planes,
            Duration drainLimit) {
        this.engine = engine;
        this.service = new GenerateService(engine);
        this.source = kv.getFirst().source();
        this.drainLimit = drainLimit;
        long id = source.worker().value();
        var card =
                new WorkerCard(
                        source.incarnation(),
                        kv.getFirst().isPublishing(),
                        new WorkerCard.Ranks(source.worker().rank(), kv.size()),
                        engine.info(),
                        planes.taints(),
                        planes.files());
        try {
            for (KvEventPublisher rank : kv) {
                queries.add(
                        ServedEndpoint.open(
                                planes,
                                protocol.kvQuery(rank.source().worker().rank()),
                                id,
                                (query, receiver) -> receiver.answer(rank.answer(query)),
                                Optional.empty()));
            }
            this.generations =
                    ServedEndpoint.open(
                            planes,
                            protocol.generate(engine.info().model()),
                            id,
                            service,
                            Optional.of(card.toJson()));
        } catch (RuntimeException e) {
            queries.forEach(ServedEndpoint::close);
            throw e;
        }
    }

    /// Serves the engine, which is closed with the worker.
    ///
    /// @param kv the listeners of the engine's KV caches, one per rank in the order of the ranks;
    ///     their sources name the worker
    /// @param drainLimit how long running requests may go on after closing began
    public static Worker open(
            WorkerProtocol protocol,
            Engine engine,
            List<KvEventPublisher> kv,
            Planes planes,
            Duration drainLimit) {
        var worker = new Worker(protocol, engine, kv, planes, drainLimit);
        LOG.info("worker {} serves {}", worker.source, engine.info().model());
        return worker;
    }

    /// Whether frontends may find it, while its engine is of use or not; requests that come all the
    /// same are still answered. Without effect once closing has begun.
    public synchronized void setAvailable(boolean available) {
        if (available && !isClosing) {
            generations.announce();
        } else {
            generations.withdraw();
        }
    }

    /// Withdraws, refuses new requests, waits for the running ones up to the limit, then closes the
    /// engine. Idempotent.
    @Override
    public void close() {
        synchronized (this) {
            isClosing = true;
            generations.withdraw();
        }
        queries.forEach(ServedEndpoint::withdraw);
        int left = service.drain(drainLimit);
        if (left > 0) {
            LOG.warn("worker {} cancels {} requests after {}", source, left, drainLimit);
        }
        engine.close();
        generations.close();
        queries.forEach(ServedEndpoint::close);
    }
}
