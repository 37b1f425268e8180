package dev.stator.launch.planes;

import dev.stator.launch.planes.PlanesConfig.Events;
import dev.stator.launch.planes.PlanesConfig.Registry;
import dev.stator.launch.planes.PlanesConfig.Requests;
import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.etcd.EtcdConfig;
import dev.stator.runtime.discovery.etcd.EtcdDiscovery;
import dev.stator.runtime.discovery.file.FileDiscovery;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.runtime.events.nats.NatsEventConfig;
import dev.stator.runtime.events.nats.NatsEventPlane;
import dev.stator.runtime.events.zmq.ZmqEventConfig;
import dev.stator.runtime.events.zmq.ZmqEventPlane;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.callhome.CallHomeConfig;
import dev.stator.runtime.requests.memory.MemoryRequestPlane;
import dev.stator.runtime.requests.nats.NatsPlaneConfig;
import dev.stator.runtime.requests.nats.NatsRequestPlane;
import dev.stator.runtime.requests.tcp.TcpPlaneConfig;
import dev.stator.runtime.requests.tcp.TcpRequestPlane;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Opens the planes of one process; what was opened is closed again when the rest cannot be.
final class PlaneOpener {
    private static final Logger LOG = LoggerFactory.getLogger(PlaneOpener.class);

    /// Ids that are not leases stay exact in JSON numbers of every reader.
    private static final long INSTANCE_ID_MASK = (1L << 53) - 1;

    /// For the first connection, so that what is subscribed then misses nothing.
    private static final Duration NATS_WAIT = Duration.ofSeconds(2);

    private static final Set<String> DURABLE_TOPICS = Set.of("kv-events");

    private final PlanesConfig config;
    private final String role;
    private final SecureRandom random = new SecureRandom();
    private final List<Runnable> opened = new ArrayList<>(); // what to close, the last one first
    private final List<Runnable> others = new ArrayList<>();
    private final Map<String, NatsClient> natsClients = new HashMap<>(); // by URL
    private volatile Predicate<Instance> isReachable = _ -> true;
    private long instanceId = random.nextLong() & INSTANCE_ID_MASK;

    PlaneOpener(PlanesConfig config, String role) {
        this.config = config;
        this.role = role;
    }

    Planes open() {
        try {
            warnOfOpenDoors();
            Discovery discovery = discovery();
            opened.add(discovery::close);
            EventPlane events = events(discovery);
            opened.add(events::close);
            RequestPlane requests = requests(discovery);
            var metrics = new PlaneMetrics(natsClients.values());
            if (events instanceof NatsEventPlane nats) {
                metrics.with(nats);
            }
            return new Planes(
                    discovery, events, requests, instanceId, metrics::show, List.copyOf(others));
        } catch (RuntimeException | Error e) {
            opened.reversed().forEach(Runnable::run);
            others.forEach(Runnable::run);
            throw e;
        }
    }

    private void warnOfOpenDoors() {
        if (!LocalHost.isLoopback(config.host())) {
            LOG.warn(
                    "internal ports listen on {} without TLS: anyone who reaches them can use them",
                    config.host());
        }
    }

    private Discovery discovery() {
        return switch (config.discovery()) {
            case Registry.Memory() -> new MemoryDiscovery();
            case Registry.Files(var root) -> FileDiscovery.open(root);
            case Registry.Etcd(var endpoints) -> {
                var at =
                        EtcdConfig.at(endpoints.stream().map(URI::create).toList())
                                .as(config.credentials().etcd());
                var etcd = EtcdDiscovery.open(at, it -> isReachable.test(it), random);
                instanceId = etcd.instanceId();
                yield etcd;
            }
        };
    }

    private EventPlane events(Discovery discovery) {
        return switch (config.events()) {
            case Events.InProcess() ->
                    new MemoryEventPlane(MemoryEventPlane.PENDING_EVENTS_MAX, threads());
            case Events.Zmq() -> {
                ZmqThread thread = ZmqThread.open("event-plane");
                others.add(thread::close);
                var world =
                        new ZmqEventPlane.World(
                                thread, discovery, threads(), InstantSource.system(), random);
                yield new ZmqEventPlane(
                        world,
                        ZmqEventConfig.of(
                                instanceId, bindHost(), LocalHost.advertised(config.host())));
            }
            case Events.Nats(var url, var layout, boolean isDurable) -> {
                NatsEventConfig how = NatsEventConfig.DEFAULT.withLayout(layout);
                yield new NatsEventPlane(
                        nats(url),
                        isDurable ? how.withDurableTopics(DURABLE_TOPICS) : how,
                        InstantSource.system(),
                        random);
            }
        };
    }

    private RequestPlane requests(Discovery discovery) {
        return switch (config.requests()) {
            case Requests.InProcess() -> new MemoryRequestPlane();
            case Requests.Tcp(int port) -> {
                String host = config.host();
                var tcp =
                        new TcpRequestPlane(
                                TcpPlaneConfig.DEFAULT
                                        .at(host, port, LocalHost.advertised(host))
                                        .withAnswers(answers()));
                onRemoval(discovery, tcp::abandon);
                isReachable = tcp::isReachable;
                yield tcp;
            }
            case Requests.Nats(var url) -> {
                var nats =
                        new NatsRequestPlane(
                                nats(url), NatsPlaneConfig.DEFAULT.withAnswers(answers()));
                onRemoval(discovery, nats::abandon);
                yield nats;
            }
        };
    }

    private CallHomeConfig answers() {
        return CallHomeConfig.DEFAULT.at(config.host(), 0, LocalHost.advertised(config.host()));
    }

    private static void onRemoval(Discovery discovery, Consumer<Instance> abandon) {
        discovery.watch(
                change -> {
                    if (change instanceof InstanceChange.Removed(var gone)) {
                        abandon.accept(gone);
                    }
                });
    }

    /// The one connection to a server, for all that goes there.
    private NatsClient nats(String url) {
        return natsClients.computeIfAbsent(url, this::connect);
    }

    private NatsClient connect(String url) {
        NatsConfig how = NatsConfig.of(connectionName(), url).with(config.credentials().nats());
        NatsClient client = NatsClient.open(how, random);
        others.add(client::close);
        try {
            if (!client.awaitConnected(NATS_WAIT)) {
                LOG.warn("going on without NATS, which may still come");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return client;
    }

    private ExecutorService threads() {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        others.add(threads::shutdown);
        return threads;
    }

    private String bindHost() {
        return LocalHost.isForAll(config.host()) ? "*" : config.host();
    }

    private String connectionName() {
        return "stator-%s-%s".formatted(role, Long.toUnsignedString(instanceId));
    }
}
