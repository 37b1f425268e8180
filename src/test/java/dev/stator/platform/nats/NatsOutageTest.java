package dev.stator.platform.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.testing.NatsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/// With a server that is killed, frozen and started again.
@Timeout(60)
class NatsOutageTest {
    private static final PendingLimits LIMITS = new PendingLimits(100_000, 64 << 20);

    /// More than could each wait for a moment before the connection is given up, after ten seconds.
    private static final int PUBLISHED_WHILE_FROZEN = 20_000;

    @TempDir Path folder;
    private NatsServer server;
    private NatsClient client;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startServer() {
        server = NatsServer.start(folder);
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
            server.close();
        }
    }

    @Test
    void aClientComesUpWhenItsServerDoes() {
        server.kill();
        open();
        assertThat(publish("early")).isFalse();
        server.restart();
        await().until(client::isConnected);
        publish("late");

        await().untilAsserted(() -> assertThat(heard).containsExactly("lost 1", "late"));
        assertThat(client.stats().dropped()).isOne();
    }

    @Test
    void afterAnOutageTheLossIsToldAndNothingOldIsSent() throws InterruptedException {
        openConnected();
        publish("before");
        await().until(() -> heard.contains("before"));
        server.kill();
        await().until(() -> !client.isConnected());
        assertThat(publish("meanwhile")).isFalse();
        server.restart();
        await().until(client::isConnected);
        publish("after");

        await().untilAsserted(() -> assertThat(heard).containsExactly("before", "lost 1", "after"));
        assertThat(client.stats().connects()).isEqualTo(2);
    }

    @Test
    void aServerThatTakesNothingHoldsNobodyUp() throws InterruptedException {
        openConnected();
        server.freeze();
        while (client.stats().dropped() == 0) {
            publishLarge();
        }
        for (int i = 0; i < PUBLISHED_WHILE_FROZEN; i++) {
            publishLarge();
        }
        assertThat(client.stats().dropped()).isGreaterThan(PUBLISHED_WHILE_FROZEN / 2);
        assertThat(client.isConnected()).isTrue();
        server.thaw();
        await().until(() -> publish("after"));

        await().until(() -> heard.contains("after"));
    }

    @Test
    void aClientWithoutServerCloses() {
        server.kill();
        open();
        client.close();

        assertThat(client.isConnected()).isFalse();
    }

    private void openConnected() throws InterruptedException {
        connect();
        assertThat(client.awaitConnected(Duration.ofSeconds(10))).isTrue();
        subscribe();
    }

    private void open() {
        connect();
        subscribe();
    }

    private void connect() {
        client = NatsClient.open(NatsConfig.of("outage", server.url()), new Random(1));
    }

    private void subscribe() {
        client.subscribe(
                List.of("news"),
                LIMITS,
                new NatsReceiver() {
                    @Override
                    public void onMessage(String pattern, NatsMessage message) {
                        heard.add(new String(message.payload(), StandardCharsets.UTF_8));
                    }

                    @Override
                    public void onLost(long messages) {
                        heard.add("lost " + messages);
                    }
                });
    }

    private void publishLarge() {
        client.publish(() -> NatsMessage.of("large", new byte[64 << 10]));
    }

    private boolean publish(String text) {
        return client.publish(() -> NatsMessage.of("news", text.getBytes(StandardCharsets.UTF_8)));
    }
}
