package dev.stator.runtime.events.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;
import dev.stator.testing.NatsServer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/// A process in miniature: a client of the server, and a plane on it whose clock stands still.
final class EventNode implements AutoCloseable {
    static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    private final NatsClient client;
    private final NatsEventPlane plane;

    private EventNode(NatsServer server, String name, NatsEventConfig config) {
        this.client = NatsClient.open(NatsConfig.of(name, server.url()), new Random(1));
        this.plane =
                new NatsEventPlane(
                        client, config, InstantSource.fixed(NOW), new Random(name.hashCode()));
    }

    /// Connected already.
    static EventNode connect(NatsServer server, String name, NatsEventConfig config)
            throws InterruptedException {
        var node = new EventNode(server, name, config);
        assertThat(node.client.awaitConnected(Duration.ofSeconds(10))).isTrue();
        return node;
    }

    /// Perhaps not connected yet.
    static EventNode open(NatsServer server, String name, NatsEventConfig config) {
        return new EventNode(server, name, config);
    }

    NatsClient client() {
        return client;
    }

    NatsEventPlane plane() {
        return plane;
    }

    /// Subscribes, and returns when the server knows.
    <E> Heard<E> hear(Topic<E> topic) {
        var heard = new Heard<E>();
        subscribe(topic, heard);
        return heard;
    }

    /// Subscribes, and returns when the server knows.
    <E> void subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        plane.subscribe(topic, subscriber);
        client.request("nobody.listens", new byte[0], Duration.ofSeconds(10))
                .exceptionally(_ -> null)
                .join();
    }

    @Override
    public void close() {
        plane.close();
        client.close();
    }

    /// Notes what it hears; `all` has a `Long` for each gap.
    static final class Heard<E> implements EventSubscriber<E> {
        final List<Object> all = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(E event) {
            all.add(event);
        }

        @Override
        public void onGap(long events) {
            all.add(events);
        }
    }
}
