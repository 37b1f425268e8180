package dev.stator.platform.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.testing.NatsServer;
import dev.stator.testing.RawNats;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/// With a server that stays up.
class NatsClientTest {
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(5);
    private static final PendingLimits LIMITS = new PendingLimits(1_000, 1 << 20);

    @TempDir static Path folder;
    private static NatsServer server;

    private final List<NatsClient> clients = new ArrayList<>();
    private final Heard heard = new Heard();

    @BeforeAll
    static void startServer() {
        server = NatsServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void disconnect() {
        clients.forEach(NatsClient::close);
    }

    @Test
    void monitoringShowsTheNameAndTheSubscriptions() {
        NatsClient client = connect("stator-worker-7587", NatsConfig.OUTGOING_MESSAGES_MAX);
        client.subscribe(List.of("shown.*"), LIMITS, heard);

        await().untilAsserted(
                        () ->
                                assertThat(server.page("/connz?subs=true"))
                                        .contains("\"name\": \"stator-worker-7587\"")
                                        .contains("\"shown.*\""));
    }

    @Test
    void saysByWhichPatternAMessageCame() {
        NatsClient client = connect();
        client.subscribe(List.of("pattern.*", "exact"), LIMITS, heard);
        publish(client, "exact", "a");
        publish(client, "pattern.x", "b");

        await().untilAsserted(
                        () -> assertThat(heard.all).containsExactly("exact: a", "pattern.*: b"));
    }

    @Test
    void whatWasPublishedBeforeClosingLeaves() throws IOException {
        NatsClient client = connect();
        try (RawNats listener = RawNats.connect(server.port()).subscribe("last.*")) {
            publish(client, "last.words", "bye");
            client.close();

            assertThat(listener.next().text()).isEqualTo("bye");
        }
    }

    @Test
    void aFullQueueRefusesAtOnce() {
        NatsClient client = connect("full", 1);
        var blocked = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        client.publish(
                () -> {
                    blocked.countDown();
                    await().until(() -> released.getCount() == 0);
                    return message("full", "a");
                });
        await().until(() -> blocked.getCount() == 0);

        assertThat(client.publish(() -> message("full", "b"))).isTrue();
        assertThat(client.publish(() -> message("full", "c"))).isFalse();
        assertThat(client.stats().dropped()).isOne();
        released.countDown();
        await().until(() -> client.stats().published() == 2);
    }

    @Test
    void messagesThatCannotBeSentAreCountedAndTheNextOnesSent() {
        NatsClient client = connect();
        client.subscribe(List.of("good"), LIMITS, heard);
        client.publish(() -> NatsMessage.of("large", new byte[2 << 20]));
        client.publish(() -> message("not a subject", "x"));
        client.publish(
                () -> {
                    throw new IllegalArgumentException("expected by the test");
                });
        publish(client, "good", "x");

        await().untilAsserted(() -> assertThat(heard.all).containsExactly("good: x"));
        assertThat(client.stats().dropped()).isEqualTo(3);
        assertThat(client.stats().published()).isOne();
    }

    @Test
    void aReceiverThatIsTooSlowLosesMessagesByNumberAndBySize() {
        for (PendingLimits limits :
                List.of(new PendingLimits(2, 1_000), new PendingLimits(1_000, 2))) {
            NatsClient client = connect();
            var slow = new Heard();
            slow.blockOn("slow: 0");
            client.subscribe(List.of("slow"), limits, slow);
            publish(client, "slow", "0");
            await().until(() -> slow.all.contains("slow: 0"));
            for (int i = 1; i < 6; i++) {
                publish(client, "slow", Integer.toString(i));
            }
            await().until(() -> client.stats().received() == 6);
            slow.release();

            await().untilAsserted(
                            () ->
                                    assertThat(slow.all)
                                            .containsExactly(
                                                    "slow: 0", "slow: 1", "slow: 2", "lost 3"));
            assertThat(client.stats().lost()).isEqualTo(3);
            client.close();
        }
    }

    @Test
    void aQuestionIsAnswered() throws Exception {
        NatsClient asking = connect();
        NatsClient answering = connect();
        try (RawNats _ = RawNats.connect(server.port())) {
            answering.subscribe(
                    List.of("question"),
                    LIMITS,
                    new Heard() {
                        @Override
                        public void onMessage(String pattern, NatsMessage question) {
                            String answer = text(question) + "!";
                            publish(answering, question.replyTo().orElseThrow(), answer);
                        }
                    });
            await().until(() -> server.page("/subsz?subs=1").contains("\"question\""));
        }

        assertThat(text(asking.request("question", bytes("why"), ANSWER_WAIT).get()))
                .isEqualTo("why!");
    }

    @Test
    void aQuestionToNobodyFailsAtOnce() {
        NatsClient client = connect();

        assertThatThrownBy(() -> client.request("nobody", bytes("why"), ANSWER_WAIT).get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(NatsException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void withoutJetStreamThereAreNoStreams() {
        NatsClient client = connect();

        assertThatThrownBy(() -> client.streams().list()).isInstanceOf(NatsException.class);
    }

    @Test
    void closingLeavesNothingBehind() {
        NatsClient client = connect("leaves-nothing", NatsConfig.OUTGOING_MESSAGES_MAX);
        client.subscribe(List.of("x"), LIMITS, heard);
        assertThat(threads("leaves-nothing")).isNotEmpty();
        client.close();
        client.close();

        await().untilAsserted(() -> assertThat(threads("leaves-nothing")).isEmpty());
        await().until(() -> !server.page("/connz").contains("leaves-nothing"));
        assertThat(client.publish(() -> message("x", "x"))).isFalse();
        assertThat(client.isConnected()).isFalse();
        assertThatThrownBy(() -> client.subscribe(List.of("x"), LIMITS, heard))
                .isInstanceOf(IllegalStateException.class);
        assertThat(client.request("x", bytes("x"), ANSWER_WAIT)).isCompletedExceptionally();
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(it -> it.contains(name))
                .toList();
    }

    private NatsClient connect() {
        return connect("client-" + clients.size(), NatsConfig.OUTGOING_MESSAGES_MAX);
    }

    private NatsClient connect(String name, int outgoingMessagesMax) {
        var config =
                new NatsConfig(
                        name, List.of(server.url()), NatsConfig.Access.OPEN, outgoingMessagesMax);
        NatsClient client = NatsClient.open(config, new Random(1));
        clients.add(client);
        await().until(client::isConnected);
        return client;
    }

    private static void publish(NatsClient client, String subject, String text) {
        assertThat(client.publish(() -> message(subject, text))).isTrue();
    }

    private static NatsMessage message(String subject, String text) {
        return NatsMessage.of(subject, bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(NatsMessage message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    /// Notes what it hears; one message can be made to hold it up.
    private static class Heard implements NatsReceiver {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile String blocking = "";

        void blockOn(String message) {
            blocking = message;
        }

        void release() {
            released.countDown();
        }

        @Override
        public void onMessage(String pattern, NatsMessage message) {
            String note = pattern + ": " + text(message);
            all.add(note);
            if (note.equals(blocking)) {
                await().until(() -> released.getCount() == 0);
            }
        }

        @Override
        public void onLost(long messages) {
            all.add("lost " + messages);
        }
    }
}
