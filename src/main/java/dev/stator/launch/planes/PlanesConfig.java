package dev.stator.launch.planes;

import dev.stator.platform.nats.NatsConfig;
import dev.stator.runtime.discovery.etcd.EtcdConfig;
import dev.stator.runtime.events.EventLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Through what a process finds others, hears of them and is asked by them.
///
/// @param host where this process listens for others; they are told this address, or a routable one
///     of the machine when it stands for all
/// @param credentials what brokers want to see
public record PlanesConfig(
        Registry discovery,
        Events events,
        Requests requests,
        String host,
        Credentials credentials) {

    /// How this process proves to brokers who it is.
    public record Credentials(NatsConfig.Access nats, Optional<EtcdConfig.User> etcd) {

        /// For brokers that let everybody in.
        public static final Credentials NONE =
                new Credentials(NatsConfig.Access.OPEN, Optional.empty());

        /// Reads the variables that Dynamo reads. Throws `IllegalArgumentException` when a user has
        /// no password, or when there is one that cannot be used.
        public static Credentials from(Map<String, String> environment) {
            if (environment.containsKey("NATS_AUTH_NKEY")
                    || environment.containsKey("NATS_AUTH_CREDENTIALS_FILE")) {
                throw new IllegalArgumentException(
                        "NATS_AUTH_NKEY and NATS_AUTH_CREDENTIALS_FILE are not supported, use"
                                + " NATS_AUTH_USERNAME or NATS_AUTH_TOKEN");
            }
            var nats =
                    new NatsConfig.Access(
                            user(environment, "NATS_AUTH", NatsConfig.User::new),
                            Optional.ofNullable(environment.get("NATS_AUTH_TOKEN")),
                            Optional.ofNullable(environment.get("NATS_TLS_CA_CERT_PATH"))
                                    .map(Path::of));
            return new Credentials(nats, user(environment, "ETCD_AUTH", EtcdConfig.User::new));
        }

        private static <U> Optional<U> user(
                Map<String, String> environment,
                String prefix,
                BiFunction<String, String, U> user) {
            String name = environment.get(prefix + "_USERNAME");
            String password = environment.get(prefix + "_PASSWORD");
            if (name == null && password == null) {
                return Optional.empty();
            }
            if (name == null || password == null) {
                throw new IllegalArgumentException(
                        "%1$s_USERNAME and %1$s_PASSWORD must be given together".formatted(prefix));
            }
            return Optional.of(user.apply(name, password));
        }
    }

    /// Whether events are published in Dynamo's layout.
    public boolean speaksDynamosEvents() {
        return switch (events) {
            case Events.Nats(_, var layout, _) -> layout == EventLayout.DYNAMO;
            case Events.Zmq() -> true;
            case Events.InProcess() -> false;
        };
    }

    /// Where instances are registered.
    public sealed interface Registry {

        /// In this process alone.
        record Memory() implements Registry {}

        /// In a folder that all processes see.
        record Files(Path root) implements Registry {}

        /// In etcd.
        ///
        /// @param endpoints URLs
        record Etcd(List<String> endpoints) implements Registry {
            public Etcd {
                endpoints = List.copyOf(endpoints);
            }
        }
    }

    /// What carries events.
    public sealed interface Events {

        /// Nothing beyond this process.
        record InProcess() implements Events {}

        /// A NATS server.
        ///
        /// @param isDurable whether JetStream keeps a bounded log of the events
        record Nats(String url, EventLayout layout, boolean isDurable) implements Events {}

        /// Direct connections, found through discovery; Dynamo's layout always.
        record Zmq() implements Events {}
    }

    /// What carries requests.
    public sealed interface Requests {

        /// Nothing beyond this process.
        record InProcess() implements Requests {}

        /// Direct connections.
        ///
        /// @param port to listen on, 0 for a free one
        record Tcp(int port) implements Requests {}

        /// A NATS server for the requests, direct connections for the answers.
        record Nats(String url) implements Requests {}
    }
}
