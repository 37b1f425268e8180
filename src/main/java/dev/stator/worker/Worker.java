package dev.stator.worker;

import dev.stator.engine.Engine;
import dev.stator.engine.wire.WorkerCard;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.model.card.ModelFiles;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.RequestPlane;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// An engine that the network can use.
///
/// It is announced only while it really serves: once its endpoints answer, and until closing
/// begins. Thread-safe.
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final AdapterGate engine;
    private final KvEventSource source; // of the first rank
    private final Duration drainLimit;
    private final GenerateService service;
    private final List<ServedEndpoint> queries = new ArrayList<>(); // one per rank
    private final ServedEndpoint generations;
    private final WorkerCard card;
    private boolean isClosing; // guarded by this

    /// The ways a worker reaches others, and what they know it by.
    ///
    /// @param files by which frontends know its model
    /// @param kind what routers may ask for
    public record Planes(
            Discovery discovery, RequestPlane requests, Optional<ModelFiles> files, Kind kind) {

        /// For a model that frontends know already.
        public Planes(Discovery discovery, RequestPlane requests) {
            this(discovery, requests, Optional.empty(), Kind.PLAIN);
        }
    }

    /// What kind of worker it is.
    ///
    /// @param taints in words, as in `gpu=h100`
    /// @param adapters what its engine has loaded besides the model
    /// @param deviceType what it runs on, `cpu` or `cuda`, if it says so
    /// @param routerMode how requests are to be routed to its like, if it says so
    public record Kind(
            Set<String> taints,
            Set<String> adapters,
            Optional<String> deviceType,
            Optional<String> routerMode) {

        /// Of which nothing is said.
        public static final Kind PLAIN = adapted(Set.of());

        public Kind {
            taints = Set.copyOf(taints);
            adapters = Set.copyOf(adapters);
            deviceType.ifPresent(Kind::requireDevice);
        }

        /// Of which adapters are said and nothing else.
        public static Kind adapted(Set<String> adapters) {
            return new Kind(Set.of(), adapters, Optional.empty(), Optional.empty());
        }

        private static void requireDevice(String type) {
            if (!type.equals("cpu") && !type.equals("cuda")) {
                throw new IllegalArgumentException(
                        "device-type must be cpu or cuda: \"%s\"".formatted(type));
            }
        }
    }

    private Worker(
            WorkerProtocol protocol,
            Engine engine,
            List<KvEventPublisher> kv,
            Planes planes,
            Duration drainLimit) {
        this.engine = new AdapterGate(engine, planes.kind().adapters());
        this.service = new GenerateService(this.engine);
        this.source = kv.getFirst().source();
        this.drainLimit = drainLimit;
        long id = source.worker().value();
        this.card =
                new WorkerCard(
                        source.incarnation(),
                        kv.getFirst().isPublishing(),
                        new WorkerCard.Ranks(source.worker().rank(), kv.size()),
                        engine.info(),
                        planes.kind().taints(),
                        planes.files(),
                        planes.kind().routerMode());
        try {
            for (KvEventPublisher rank : kv) {
                queries.add(
                        ServedEndpoint.open(
                                planes,
                                protocol.kvQuery(rank.source().worker().rank()),
                                id,
                                (query, receiver) -> receiver.answer(rank.answer(query)),
                                UnaryOperator.identity()));
            }
            this.generations =
                    ServedEndpoint.open(
                            planes,
                            protocol.generate(engine.info().model()),
                            id,
                            service,
                            it -> described(it, planes.kind()));
        } catch (RuntimeException e) {
            queries.forEach(ServedEndpoint::close);
            throw e;
        }
    }

    private Instance described(Instance instance, Kind kind) {
        Instance described =
                instance.withCard(card.toJson()).withVariants(card.adapters(kind.adapters()));
        return kind.deviceType()
                .map(it -> described.with(WorkerProtocol.DEVICE_TYPE, it))
                .orElse(described);
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

    /// What the engine has loaded besides the model.
    public Set<String> adapters() {
        return engine.loaded();
    }

    /// The engine has loaded one more adapter; returns false when that is known already.
    ///
    /// Throws `IllegalArgumentException` when its name cannot be told from another one's.
    public synchronized boolean load(String adapter) {
        Set<String> names = new TreeSet<>(engine.loaded());
        if (!names.add(adapter)) {
            return false;
        }
        Map<String, JsonObject> cards = card.adapters(names);
        engine.load(adapter);
        generations.describe(cards);
        LOG.info("worker {} has adapter {}", source, adapter);
        return true;
    }

    /// The engine is about to drop an adapter; returns false when it had none of that name.
    public synchronized boolean unload(String adapter) {
        Set<String> names = new TreeSet<>(engine.loaded());
        if (!names.remove(adapter)) {
            return false;
        }
        generations.describe(card.adapters(names));
        engine.unload(adapter);
        LOG.info("worker {} has adapter {} no more", source, adapter);
        return true;
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
