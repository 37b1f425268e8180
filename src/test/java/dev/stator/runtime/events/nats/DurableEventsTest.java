package dev.stator.runtime.events.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.nats.NatsStreams;
import dev.stator.platform.nats.StreamSpec;
import dev.stator.platform.nats.StreamState;
import dev.stator.runtime.TextTopic;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;
import dev.stator.runtime.events.nats.NatsEventConfig.StreamBounds;
import dev.stator.testing.NatsServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

@Timeout(60)
class DurableEventsTest {
    private static final Topic<String> KV = TextTopic.of(new Subject("my_ns", "back", "kv-events"));
    private static final Topic<String> LOAD = TextTopic.of(new Subject("my_ns", "back", "load"));
    private static final StreamBounds BOUNDS = new StreamBounds(Duration.ofMinutes(5), 1 << 20);
    private static final String STREAM = "namespace-my-ns-component-back-kv-events";

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void aStreamIsMadeForTheFirstDurableEventAndKeepsIt(EventLayout layout) throws Exception {
        try (NatsServer server = NatsServer.startWithJetStream(folder);
                EventNode node = EventNode.connect(server, "node", config(layout))) {
            NatsStreams streams = node.client().streams();
            var heard = node.hear(KV);
            node.hear(LOAD);
            node.plane().publish(LOAD, "x");
            await().until(() -> node.plane().stats().delivered() == 1);
            assertThat(streams.list()).isEmpty();

            node.plane().publish(KV, "a");
            node.plane().publish(KV, "b");

            await().untilAsserted(() -> assertThat(heard.all).containsExactly("a", "b"));
            await().until(() -> streams.find(STREAM).orElseThrow().messages() == 2);
            List<String> subjects = KV.codec().form(layout).patterns();
            assertThat(streams.list())
                    .extracting(StreamState::spec)
                    .containsExactly(
                            new StreamSpec(STREAM, subjects, BOUNDS.maxAge(), BOUNDS.maxBytes()));
        }
    }

    @Test
    void aServerThatComesBackEmptyGetsItsStreamAgain() throws Exception {
        try (NatsServer server = NatsServer.startWithJetStream(folder);
                EventNode node = EventNode.connect(server, "node", config(EventLayout.READABLE))) {
            node.plane().publish(KV, "a");
            NatsStreams streams = node.client().streams();
            await().until(() -> streams.find(STREAM).isPresent());
            server.kill();
            server.forget();
            await().until(() -> !node.client().isConnected());
            server.restart();
            await().until(node.client()::isConnected);
            assertThat(streams.list()).isEmpty();
            node.plane().publish(KV, "b");

            await().until(() -> streams.find(STREAM).filter(it -> it.messages() == 1).isPresent());
        }
    }

    @Test
    void withoutJetStreamEventsTravelAllTheSame() throws Exception {
        try (NatsServer server = NatsServer.start(folder);
                EventNode node = EventNode.connect(server, "node", config(EventLayout.READABLE))) {
            var heard = node.hear(KV);
            node.plane().publish(KV, "a");
            node.plane().publish(KV, "b");

            await().untilAsserted(() -> assertThat(heard.all).containsExactly("a", "b"));
        }
    }

    private static NatsEventConfig config(EventLayout layout) {
        return new NatsEventConfig(
                layout, Set.of("kv-events"), BOUNDS, NatsEventConfig.DEFAULT.pending());
    }
}
