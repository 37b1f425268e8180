package dev.stator.platform.tcp;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

class TcpConnectionTest {
    private static final InetSocketAddress FREE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final TcpOptions SMALL =
            new TcpOptions(
                    Duration.ofSeconds(1),
                    Duration.ofMillis(400),
                    Duration.ofSeconds(60),
                    64 << 10,
                    1 << 20,
                    16 << 10,
                    false,
                    10);

    private final TcpLoops loops = new TcpLoops("test-tcp", 2);

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void bytesGoBothWays() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        var client = new Recorded();
        loops.connect("127.0.0.1", listener.address().getPort(), SMALL, client);
        client.connection().send(bytes("hel"), bytes("lo"));
        server.awaitText("hello");
        server.connection().send(bytes("welcome"));
        client.awaitText("welcome");
    }

    @Test
    void namesAreResolved() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        var client = new Recorded();
        loops.connect("localhost", listener.address().getPort(), SMALL, client);

        client.connection().send(bytes("hello"));
        server.awaitText("hello");
    }

    @Test
    void aConnectionThatCannotBeOpenedIsClosedOnce() {
        var client = new Recorded();
        loops.connect("127.0.0.1", 1, SMALL, client);

        await().until(() -> client.closed.size() == 1);
        assertThat(client.closed.getFirst()).startsWith("cannot connect");
        assertThat(client.opened).isNotDone();
    }

    @Test
    void whatWasSentBeforeAnOrderlyCloseArrives() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        try (Socket client = socket(listener)) {
            server.connection().send(bytes("bye"));
            server.connection().closeAfter(Duration.ofMillis(20));
            server.connection().send(bytes("too late"));

            assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes("bye"));
        }
        await().until(() -> server.closed.size() == 1);
    }

    @Test
    void anOrderlyCloseWaitsForThePeer() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        try (Socket client = socket(listener)) {
            server.connection().send(bytes("bye"));
            server.connection().closeAfter(Duration.ofMinutes(1));

            assertThat(client.getInputStream().readNBytes(3)).isEqualTo(bytes("bye"));
        }
        await().until(() -> server.closed.size() == 1);
        assertThat(server.closed).containsExactly("closed by the peer");
    }

    @Test
    void aPeerThatDoesNotReadMakesItFullAndReadingMakesRoom() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        try (Socket client = socket(listener)) {
            int sent = 0;
            while (!server.connection().send(new byte[8 << 10])) {
                sent += 8 << 10;
                assertThat(sent).isLessThan(4 << 20);
            }
            assertThat(server.connection().isFull()).isTrue();
            assertThat(server.rooms).hasValue(0);
            client.getInputStream().readNBytes(sent);
            await().until(() -> server.rooms.get() == 1);
            assertThat(server.connection().isFull()).isFalse();
        }
    }

    @Test
    void aPeerThatDoesNotReadIsNotTakenForDead() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        try (Socket client = socket(listener)) {
            while (!server.connection().send(new byte[8 << 10])) {
                assertThat(server.closed).isEmpty();
            }
            var manyLooks = new CompletableFuture<Boolean>();
            server.connection()
                    .schedule(
                            SMALL.peerSilenceMax().multipliedBy(3), () -> manyLooks.complete(true));

            assertThat(manyLooks.get()).isTrue();
            assertThat(server.closed).isEmpty();
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aPeerThatNeverReadsIsCutOffInTheEnd() throws Exception {
        var options =
                new TcpOptions(
                        Duration.ofSeconds(1),
                        Duration.ofMillis(400),
                        Duration.ofMillis(200),
                        64 << 10,
                        1 << 20,
                        16 << 10,
                        false,
                        10);
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, options, () -> server);
        try (Socket client = socket(listener)) {
            while (!server.connection().send(new byte[8 << 10])) {
                assertThat(client.isConnected()).isTrue();
            }
            await().until(() -> server.closed.size() == 1);
        }
        assertThat(server.closed.getFirst()).startsWith("the peer takes nothing");
    }

    @Test
    void senderWhoDoesNotStopIsCutOff() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        try (Socket client = socket(listener)) {
            for (int i = 0; i < 4 * SMALL.queuedBytesMax() / (8 << 10); i++) {
                server.connection().send(new byte[8 << 10]);
            }
            await().until(() -> server.closed.size() == 1);
            assertThat(client.isConnected()).isTrue();
        }
        assertThat(server.closed.getFirst()).contains("bytes wait for the peer");
    }

    @Test
    void pausedReadingHoldsThePeerBack() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        var client = new Recorded();
        loops.connect("127.0.0.1", listener.address().getPort(), SMALL, client);
        client.connection().send(bytes("a"));
        server.awaitText("a");
        server.connection().pauseReading();
        int sent = 1;
        while (!client.connection().send(new byte[8 << 10])) {
            sent += 8 << 10;
        }
        int all = sent + (8 << 10);
        assertThat(server.received.size()).isLessThan(all);
        server.connection().resumeReading();
        await().until(() -> server.received.size() == all);
    }

    @Test
    void furtherConnectionsAreClosedAtOnce() throws Exception {
        var limited =
                new TcpOptions(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(60),
                        64 << 10,
                        1 << 20,
                        0,
                        false,
                        1);
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, limited, () -> server);
        try (Socket first = socket(listener)) {
            server.connection();
            try (Socket second = socket(listener)) {
                assertThat(readOrEnd(second)).isEqualTo(-1);
            }
            server.connection().send(bytes("x"));
            assertThat(first.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void anAddressThatIsTakenIsAnError() throws Exception {
        TcpListener listener = loops.listen(FREE, SMALL, Recorded::new);

        assertThatThrownBy(() -> loops.listen(listener.address(), SMALL, Recorded::new))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(listener.address().getPort()));
    }

    @Test
    void closingTheLoopsCutsEverything() throws Exception {
        var server = new Recorded();
        TcpListener listener = loops.listen(FREE, SMALL, () -> server);
        try (Socket client = socket(listener)) {
            server.connection();
            loops.close();
            loops.close();

            assertThat(readOrEnd(client)).isEqualTo(-1);
            assertThat(server.closed).hasSize(1);
        }
        await().until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(it -> it.getName().startsWith("test-tcp")));
    }

    private static int readOrEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException _) {
            return -1;
        }
    }

    private static Socket socket(TcpListener listener) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.setSoTimeout(10_000);
        socket.connect(listener.address());
        return socket;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Recorded implements TcpHandler {
        private final CompletableFuture<TcpConnection> opened = new CompletableFuture<>();
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final AtomicInteger rooms = new AtomicInteger();
        private final List<String> closed = new CopyOnWriteArrayList<>();

        TcpConnection connection() {
            return opened.join();
        }

        void awaitText(String text) {
            await().until(() -> received.toString(StandardCharsets.UTF_8).equals(text));
        }

        @Override
        public void onOpen(TcpConnection connection) {
            opened.complete(connection);
        }

        @Override
        public void onBytes(ByteBuffer bytes) {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            received.writeBytes(piece);
        }

        @Override
        public void onRoom() {
            rooms.incrementAndGet();
        }

        @Override
        public void onClosed(String why) {
            closed.add(why);
        }
    }
}
