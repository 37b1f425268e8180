package dev.stator.platform.zmq;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

class ZmqThreadTest {
    private static final ZmqEndpoint ANY_PORT = new ZmqEndpoint("tcp://127.0.0.1:0");

    private final ZmqThread thread = ZmqThread.open("zmq-test");

    @AfterEach
    void close() {
        thread.close();
    }

    @Test
    void subscribersGetTheMessagesOfTheirPrefixInOrder() {
        var all = new Received();
        var some = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        ZmqEndpoint bound = publisher.bind(ANY_PORT);
        thread.subscriber("", ZmqLimits.DEFAULT, all).connect(bound);
        thread.subscriber("news", ZmqLimits.DEFAULT, some).connect(bound);
        await().until(() -> publisher.subscriptions() == 2);
        publisher.send(frames("news", "1"));
        publisher.send(frames("weather", "2"));
        publisher.send(frames("news-3"));

        await().untilAsserted(
                        () ->
                                assertThat(all.messages)
                                        .containsExactly("news 1", "weather 2", "news-3"));
        await().untilAsserted(() -> assertThat(some.messages).containsExactly("news 1", "news-3"));
    }

    @Test
    void aConnectionOnWhichNobodySpeaksIsMadeAnew() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout(10_000);
            thread.subscriber("", ZmqLimits.DEFAULT, new Received())
                    .connect(new ZmqEndpoint("tcp://127.0.0.1:" + silent.getLocalPort()));
            try (Socket first = silent.accept();
                    Socket second = silent.accept()) {
                assertThat(second.getPort()).isNotEqualTo(first.getPort());
            }
        }
    }

    @Test
    void oneSubscriberFollowsManyPublishersUntilItLeaves() {
        var heard = new Received();
        ZmqSocket one = thread.publisher(ZmqLimits.DEFAULT);
        ZmqSocket two = thread.publisher(ZmqLimits.DEFAULT);
        ZmqEndpoint boundOne = one.bind(ANY_PORT);
        ZmqEndpoint boundTwo = two.bind(ANY_PORT);
        ZmqSocket subscriber = thread.subscriber("", ZmqLimits.DEFAULT, heard);
        subscriber.connect(boundOne);
        subscriber.connect(boundTwo);
        await().until(() -> one.subscriptions() == 1 && two.subscriptions() == 1);
        one.send(frames("a"));
        two.send(frames("b"));
        await().untilAsserted(() -> assertThat(heard.messages).containsExactlyInAnyOrder("a", "b"));

        subscriber.disconnect(boundOne);
        await().until(() -> one.subscriptions() == 0);
        subscriber.close();
        await().until(() -> two.subscriptions() == 0);
    }

    @Test
    void aConnectionWaitsForItsPeer() {
        var heard = new Received();
        ZmqEndpoint later;
        try (ZmqSocket placeholder = thread.publisher(ZmqLimits.DEFAULT)) {
            later = placeholder.bind(ANY_PORT);
        }
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(later);
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        await().ignoreExceptionsInstanceOf(ZmqException.class)
                .until(() -> publisher.bind(later).equals(later));
        await().until(() -> publisher.subscriptions() == 1);
        publisher.send(frames("a"));

        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("a"));
    }

    @Test
    void aRouterAnswersWhomItHeard() {
        var answers = new Received();
        var router = new ZmqSocket[1];
        router[0] =
                thread.router(
                        ZmqLimits.DEFAULT,
                        asked ->
                                router[0].send(
                                        List.of(asked.getFirst(), asked.get(1), bytes("!"))));
        ZmqSocket dealer = thread.dealer(ZmqLimits.DEFAULT, answers);
        dealer.connect(router[0].bind(ANY_PORT));
        dealer.send(frames("question"));

        await().untilAsserted(() -> assertThat(answers.messages).containsExactly("question !"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "inproc"})
    void localEndpointsWorkToo(String scheme, @TempDir Path folder) {
        var heard = new Received();
        var endpoint = new ZmqEndpoint(scheme + "://" + folder.resolve("events"));
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        publisher.bind(endpoint);
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(endpoint);
        await().until(() -> publisher.subscriptions() == 1);
        publisher.send(frames("a"));

        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("a"));
    }

    @Test
    void aTakenEndpointIsNamed() {
        ZmqEndpoint taken = thread.publisher(ZmqLimits.DEFAULT).bind(ANY_PORT);
        ZmqSocket second = thread.publisher(ZmqLimits.DEFAULT);

        assertThatThrownBy(() -> second.bind(taken))
                .isInstanceOf(ZmqException.class)
                .hasMessageContaining(taken.uri());
    }

    @Test
    void whatFindsNoRoomIsRefusedAndCounted() {
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT.withOutgoingMax(2));
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(publisher.bind(ANY_PORT));
        await().until(() -> publisher.subscriptions() == 1);
        var stalled = new CountDownLatch(1);
        thread.execute(() -> awaitQuietly(stalled));
        List<Boolean> taken =
                IntStream.range(0, 4).mapToObj(i -> publisher.send(frames("" + i))).toList();
        stalled.countDown();

        assertThat(taken).containsExactly(true, true, false, false);
        assertThat(publisher.dropped()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("0", "1"));
    }

    @Test
    void everyMessageArrivesWhileThereIsRoom() {
        int count = 5_000;
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(publisher.bind(ANY_PORT));
        await().until(() -> publisher.subscriptions() == 1);
        IntStream.range(0, count).forEach(i -> publisher.send(frames("" + i)));

        await().until(() -> heard.messages.size() == count);
        assertThat(heard.messages)
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(Integer::toString).toList());
    }

    @Test
    void aMessageRightBehindAnotherIsNotForgotten() {
        int count = 200;
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        try (ZmqThread other = ZmqThread.open("zmq-other")) {
            other.subscriber("", ZmqLimits.DEFAULT, heard).connect(publisher.bind(ANY_PORT));
            await().until(() -> publisher.subscriptions() == 1);
            for (int i = 1; i <= count; i++) {
                int sent = i;
                publisher.send(frames("" + i));
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> heard.messages.size() == sent);
            }
        }
    }

    @Test
    void aMessageOfTooManyPartsIsIgnored() {
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(publisher.bind(ANY_PORT));
        await().until(() -> publisher.subscriptions() == 1);
        publisher.send(IntStream.range(0, 100).mapToObj(i -> bytes("" + i)).toList());
        publisher.send(frames("a"));

        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("a"));
    }

    @Test
    void aFailingReceiverKeepsReceiving() {
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        ZmqEndpoint bound = publisher.bind(ANY_PORT);
        thread.subscriber(
                        "",
                        ZmqLimits.DEFAULT,
                        frames -> {
                            heard.onMessage(frames);
                            throw new IllegalStateException("expected by the test");
                        })
                .connect(bound);
        await().until(() -> publisher.subscriptions() == 1);
        publisher.send(frames("a"));
        publisher.send(frames("b"));

        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("a", "b"));
    }

    @Test
    void anInterruptedCallerDoesNoHarm() throws InterruptedException {
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(publisher.bind(ANY_PORT));
        await().until(() -> publisher.subscriptions() == 1);
        Thread caller =
                Thread.startVirtualThread(
                        () -> {
                            Thread.currentThread().interrupt();
                            publisher.send(frames("a"));
                        });
        caller.join();
        publisher.send(frames("b"));

        await().untilAsserted(() -> assertThat(heard.messages).containsExactly("a", "b"));
    }

    @Test
    void actionsRunAfterTheirDelayInOrderOfTime() {
        var ran = new CopyOnWriteArrayList<String>();
        thread.after(Duration.ofMillis(600), () -> ran.add("later"));
        thread.after(Duration.ofMillis(300), () -> ran.add("soon"));
        thread.after(Duration.ZERO, () -> ran.add("now"));

        await().untilAsserted(() -> assertThat(ran).containsExactly("now", "soon", "later"));
    }

    @Test
    void closingEndsTheThreadAndItsSockets() {
        var heard = new Received();
        ZmqSocket publisher = thread.publisher(ZmqLimits.DEFAULT);
        ZmqEndpoint bound = publisher.bind(ANY_PORT);
        thread.subscriber("", ZmqLimits.DEFAULT, heard).connect(bound);
        thread.close();
        thread.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(it -> it.getName().equals("zmq-test"));
        assertThat(publisher.send(frames("a"))).isFalse();
        assertThat(thread.execute(() -> {})).isFalse();
        assertThatThrownBy(() -> publisher.bind(ANY_PORT)).isInstanceOf(ZmqException.class);
        publisher.close();
        try (ZmqThread next = ZmqThread.open("zmq-test-2")) {
            assertThat(next.publisher(ZmqLimits.DEFAULT).bind(bound)).isEqualTo(bound);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        await().until(() -> latch.getCount() == 0);
    }

    private static List<byte[]> frames(String... texts) {
        return List.of(texts).stream().map(ZmqThreadTest::bytes).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The texts of the messages, frames joined by blanks.
    private static final class Received implements ZmqReceiver {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(List<byte[]> frames) {
            messages.add(
                    String.join(
                            " ",
                            frames.stream()
                                    .map(it -> new String(it, StandardCharsets.UTF_8))
                                    .toList()));
        }
    }
}
