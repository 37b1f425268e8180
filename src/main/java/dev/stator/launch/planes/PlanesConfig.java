package dev.stator.launch.planes;

import dev.stator.runtime.events.EventLayout;

import java.nio.file.Path;
import java.util.List;

/// Through what a process finds others, hears of them and is asked by them.
///
/// @param host where this process listens for others; they are told this address, or a routable one
///     of the machine when it stands for all
public record PlanesConfig(Registry discovery, Events events, Requests requests, String host) {

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
