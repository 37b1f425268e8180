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
import java.util.ArrayList;
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
    private final List<NatsClient> clients = new ArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startServer() {
        server = NatsServer.start(folder);
    }

    @AfterEach
    void stop() {
        clients.forEach(NatsClient::close);
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aClientComesUpWhenItsServerDoes() {
        server.kill();
        NatsClient client = open();
        assertThat(publish(client, "early")).isFalse();
        server.restart();
        await().until(client::isConnected);
        publish(client, "late");

        await().untilAsserted(() -> assertThat(heard).containsExactly("lost 1", "late"));
        assertThat(client.stats().dropped()).isOne();
    }

    @Test
    void afterAnOutageTheLossIsToldAndNothingOldIsSent() throws InterruptedException {
        NatsClient client = openConnected();
        publish(client, "before");
        await().until(() -> heard.contains("before"));
        server.kill();
        await().until(() -> !client.isConnected());
        assertThat(publish(client, "meanwhile")).isFalse();
        server.restart();
        await().until(client::isConnected);
        publish(client, "after");

        await().untilAsserted(() -> assertThat(heard).containsExactly("before", "lost 1", "after"));
        assertThat(client.stats().connects()).isEqualTo(2);
    }

    @Test
    void aServerThatTakesNothingHoldsNobodyUp() throws InterruptedException {
        NatsClient client = openConnected();
        server.freeze();
        while (client.stats().dropped() == 0) {
            publishLarge(client);
        }
        for (int i = 0; i < PUBLISHED_WHILE_FROZEN; i++) {
            publishLarge(client);
        }
        assertThat(client.stats().dropped()).isGreaterThan(PUBLISHED_WHILE_FROZEN / 2);
        assertThat(client.isConnected()).isTrue();
        server.thaw();
        await().until(() -> publish(client, "after"));

        await().until(() -> heard.contains("after"));
    }

    @Test
    void aClientWithoutServerCloses() {
        server.kill();
        NatsClient client = open();
        client.close();

        assertThat(client.isConnected()).isFalse();
    }

    private NatsClient openConnected() throws InterruptedException {
        NatsClient client = connect();
        assertThat(client.awaitConnected(Duration.ofSeconds(10))).isTrue();
        subscribe(client);
        return client;
    }

    private NatsClient open() {
        NatsClient client = connect();
        subscribe(client);
        return client;
    }

    private NatsClient connect() {
        NatsClient client = NatsClient.open(NatsConfig.of("outage", server.url()), new Random(1));
        clients.add(client);
        return client;
    }

    private void subscribe(NatsClient client) {
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

    private static void publishLarge(NatsClient client) {
        client.publish(() -> NatsMessage.of("large", new byte[64 << 10]));
    }

    private static boolean publish(NatsClient client, String text) {
        return client.publish(() -> NatsMessage.of("news", text.getBytes(StandardCharsets.UTF_8)));
    }
}
