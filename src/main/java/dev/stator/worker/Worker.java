package dev.stator.worker;

import dev.stator.engine.Engine;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvAnswer;
import dev.stator.kv.cache.KvQuery;
import dev.stator.model.card.ModelFiles;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;

/// An engine that the network can use.
///
/// It is announced only while it really serves: once its endpoints answer, and until closing
/// begins. Thread-safe.
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final Engine engine;
    private final KvEventPublisher kv;
    private final Duration drainLimit;
    private final GenerateService service;
    private final ServedEndpoint queries;
    private final ServedEndpoint generations;
    private boolean isClosing; // guarded by this

    /// The ways a worker reaches others, and the files by which frontends know its model.
    public record Planes(Discovery discovery, RequestPlane requests, Optional<ModelFiles> files) {

        /// For a model that frontends know already.
        public Planes(Discovery discovery, RequestPlane requests) {
            this(discovery, requests, Optional.empty());
        }
    }

    private Worker(
            WorkerProtocol protocol,
            Engine engine,
            KvEventPublisher kv,
            Planes planes,
            Duration drainLimit) {
        this.engine = engine;
        this.service = new GenerateService(engine);
        this.kv = kv;
        this.drainLimit = drainLimit;
        long id = kv.source().worker().value();
        this.queries =
                ServedEndpoint.open(planes, protocol.kvQuery(), id, this::query, Optional.empty());
        try {
            this.generations =
                    ServedEndpoint.open(
                            planes,
                            protocol.generate(engine.info().model()),
                            id,
                            service,
                            Optional.of(
                                    new WorkerCard(
                                                    kv.source().incarnation(),
                                                    kv.isPublishing(),
                                                    engine.info(),
                                                    planes.files())
                                            .toJson()));
        } catch (RuntimeException e) {
            queries.close();
            throw e;
        }
    }

    /// Serves the engine, which is closed with the worker.
    ///
    /// @param kv the listener of the engine's KV cache; its source names the worker
    /// @param drainLimit how long running requests may go on after closing began
    public static Worker open(
            WorkerProtocol protocol,
            Engine engine,
            KvEventPublisher kv,
            Planes planes,
            Duration drainLimit) {
        var worker = new Worker(protocol, engine, kv, planes, drainLimit);
        LOG.info("worker {} serves {}", kv.source(), engine.info().model());
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
        queries.withdraw();
        int left = service.drain(drainLimit);
        if (left > 0) {
            LOG.warn("worker {} cancels {} requests after {}", kv.source(), left, drainLimit);
        }
        engine.close();
        generations.close();
        queries.close();
    }

    private RemoteStream query(KvQuery query, StreamReceiver<KvAnswer> receiver) {
        receiver.onItem(kv.answer(query));
        receiver.onEnd(new StreamEnd.Completed());
        return new DeferredStream();
    }
}
