package dev.stator.launch.cli.options;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.planes.PlanesConfig;
import dev.stator.launch.planes.PlanesConfig.Credentials;
import dev.stator.launch.planes.PlanesConfig.Events;
import dev.stator.launch.planes.PlanesConfig.Registry;
import dev.stator.launch.planes.PlanesConfig.Requests;
import dev.stator.runtime.events.EventLayout;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The flags that say how a process meets others, by Dynamo's names.
public final class PlaneOptions {

    private enum Backend {
        MEM,
        FILE,
        ETCD
    }

    private enum EventKind {
        IN_PROCESS,
        NATS,
        ZMQ
    }

    private enum RequestKind {
        TCP,
        NATS
    }

    @Option(
            names = "--namespace",
            defaultValue = "dynamo",
            paramLabel = "NAME",
            description = "Namespace of what this process registers (default: dynamo).")
    private String namespace = "dynamo";

    @Option(
            names = "--discovery-backend",
            defaultValue = "etcd",
            paramLabel = "mem|file|etcd",
            description = "Where instances are registered (default: etcd).")
    private Backend backend = Backend.ETCD;

    @Option(
            names = "--etcd-endpoints",
            defaultValue = "http://localhost:2379",
            paramLabel = "URL[,URL]",
            description = "etcd, also from ETCD_ENDPOINTS (default: http://localhost:2379).")
    private String etcdEndpoints = "";

    @Option(
            names = "--file-kv",
            defaultValue = "${sys:java.io.tmpdir}/dynamo_store_kv",
            paramLabel = "DIR",
            description = "Folder of the discovery backend file.")
    private Path fileRoot = Path.of("");

    @Option(
            names = "--event-plane",
            defaultValue = "nats",
            paramLabel = "in-process|nats|zmq",
            description = "What carries KV events (default: nats).")
    private EventKind eventPlane = EventKind.NATS;

    @Option(
            names = "--nats-server",
            defaultValue = "nats://localhost:4222",
            paramLabel = "URL",
            description = "NATS, also from NATS_SERVER (default: nats://localhost:4222).")
    private String natsServer = "";

    @Option(
            names = "--event-layout",
            defaultValue = "readable",
            paramLabel = "readable|dynamo",
            description = "How events are published; both are understood (default: readable).")
    private EventLayout layout = EventLayout.READABLE;

    @Option(
            names = {"--durable-kv-events", "--router-durable-kv-events"},
            description = "Keep a bounded log of KV events in JetStream.")
    private boolean durable;

    @Option(
            names = "--request-plane",
            defaultValue = "tcp",
            paramLabel = "tcp|nats",
            description = "What carries requests (default: tcp).")
    private RequestKind requestPlane = RequestKind.TCP;

    @Option(
            names = {"--host", "--tcp-rpc-host"},
            defaultValue = "127.0.0.1",
            paramLabel = "HOST",
            description =
                    "Address for other processes, without TLS; 0.0.0.0 for all (default:"
                            + " 127.0.0.1).")
    private String host = "";

    @Option(
            names = "--tcp-rpc-port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Port of the request plane tcp (default: a free one).")
    private int port;

    @Option(
            names = "--router-replica-sync",
            description = "Routers: tell the other routers of these workers what is booked.")
    private boolean replicaSync;

    public PlanesConfig toConfig() {
        Credentials credentials = Credentials.from(System.getenv());
        return new PlanesConfig(registry(), events(), requests(), host, credentials);
    }

    public boolean sharesBookings() {
        return replicaSync;
    }

    /// Where workers are found.
    ///
    /// @param endpoint as the user names it; the usual one of the namespace when null
    public WorkerProtocol workers(@Nullable String endpoint) {
        return endpoint == null ? WorkerProtocol.in(namespace) : WorkerProtocol.parse(endpoint);
    }

    public String namespace() {
        return namespace;
    }

    /// The planes in a line, for a person.
    public String words() {
        return "discovery %s, events %s, requests %s"
                .formatted(lower(backend), lower(eventPlane), lower(requestPlane));
    }

    private Registry registry() {
        return switch (backend) {
            case MEM -> new Registry.Memory();
            case FILE -> new Registry.Files(fileRoot);
            case ETCD -> new Registry.Etcd(endpoints());
        };
    }

    private List<String> endpoints() {
        return Arrays.stream(etcdEndpoints.split(",", -1)).map(String::strip).toList();
    }

    private Events events() {
        return switch (eventPlane) {
            case IN_PROCESS -> new Events.InProcess();
            case NATS -> new Events.Nats(natsServer, layout, durable);
            case ZMQ -> new Events.Zmq();
        };
    }

    private Requests requests() {
        return switch (requestPlane) {
            case TCP -> new Requests.Tcp(port);
            case NATS -> new Requests.Nats(natsServer);
        };
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
