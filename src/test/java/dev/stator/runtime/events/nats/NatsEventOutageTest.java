package dev.stator.runtime.events.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.TextTopic;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;
import dev.stator.runtime.events.nats.EventNode.Heard;
import dev.stator.testing.NatsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// With a server that is killed and started again while somebody publishes.
@Timeout(60)
class NatsEventOutageTest {
    private static final Topic<String> NEWS = TextTopic.of(new Subject("test", "backend", "news"));
    private static final int EVENTS_WHILE_DOWN = 1_000;

    @TempDir Path folder;
    private NatsServer server;
    private final AtomicLong published = new AtomicLong();
    private volatile boolean stopped;

    @BeforeEach
    void startServer() {
        server = NatsServer.start(folder);
    }

    @AfterEach
    void stopServer() {
        stopped = true;
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void publishingGoesOnAndTheSubscriberHearsAGapAndThenNewEvents(EventLayout layout)
            throws InterruptedException {
        NatsEventConfig config = NatsEventConfig.DEFAULT.withLayout(layout);
        try (EventNode worker = EventNode.connect(server, "worker", config);
                EventNode router = EventNode.connect(server, "router", config)) {
            Heard<String> heard = router.hear(NEWS);
            Thread publisher = publishForEver(worker);
            await().until(() -> heard.all.size() > 10);
            server.kill();
            await().until(() -> !worker.client().isConnected() && !router.client().isConnected());
            long before = published.get();
            await().until(() -> published.get() > before + EVENTS_WHILE_DOWN);
            server.restart();

            await().until(() -> firstAfter(before, heard).isPresent());
            stopped = true;
            publisher.join();
            int first = firstAfter(before, heard).getAsInt();
            assertThat(heard.all.get(first - 1)).isInstanceOf(Long.class);
            assertThat(number(heard.all.get(first))).isGreaterThan(before + EVENTS_WHILE_DOWN);
            assertThat(worker.plane().stats().dropped()).isGreaterThanOrEqualTo(EVENTS_WHILE_DOWN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutServerAtTheStartItBeginsLater(EventLayout layout) {
        server.kill();
        NatsEventConfig config = NatsEventConfig.DEFAULT.withLayout(layout);
        try (EventNode node = EventNode.open(server, "node", config)) {
            var heard = new Heard<String>();
            node.plane().subscribe(NEWS, heard);
            node.plane().publish(NEWS, "early");
            server.restart();
            await().until(node.client()::isConnected);
            node.plane().publish(NEWS, "late");

            await().untilAsserted(() -> assertThat(heard.all).containsExactly(1L, "late"));
            assertThat(node.plane().stats().dropped()).isOne();
        }
    }

    private Thread publishForEver(EventNode worker) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            while (!stopped) {
                                String number = Long.toString(published.incrementAndGet());
                                worker.plane().publish(NEWS, number);
                                LockSupport.parkNanos(1_000);
                            }
                        });
    }

    /// Where the first event is that was published after `number`.
    private static OptionalInt firstAfter(long number, Heard<String> heard) {
        return IntStream.range(0, heard.all.size())
                .filter(i -> number(heard.all.get(i)) > number)
                .findFirst();
    }

    /// Of an event; 0 for a gap.
    private static long number(Object heard) {
        return heard instanceof String event ? Long.parseLong(event) : 0;
    }
}
