package dev.stator.platform.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.testing.Eventually;
import dev.stator.testing.ScriptedServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

class HttpClientTest extends ClientFixture {

    @Test
    void sendsWhatItIsToldAndReadsTheAnswer() throws Exception {
        try (var server =
                new ScriptedServer((_, peer) -> peer.answer(201, "text/plain", "\u00e4 b"))) {
            HttpAddress base = HttpAddress.parse(server.url() + "/base/");
            ClientRequest request =
                    ClientRequest.post(base, "/x?y=1", "{\"\u00e4\":1}").with("x-key", "k");
            HttpReply reply = client.fetch(request, LONG).get();

            assertThat(reply.head().status()).isEqualTo(201);
            assertThat(reply.head().header("Content-Type")).contains("text/plain");
            assertThat(reply.body()).isEqualTo("\u00e4 b");
            ScriptedServer.Request seen = server.requests().getFirst();
            assertThat(seen.method() + " " + seen.path()).isEqualTo("POST /base/x?y=1");
            assertThat(seen.body()).isEqualTo("{\"\u00e4\":1}");
            assertThat(seen.headers())
                    .containsEntry("x-key", "k")
                    .containsEntry("host", "127.0.0.1:" + server.port())
                    .containsEntry("content-type", "application/json");
        }
    }

    @Test
    void readsAnswersInChunksUpToTheEndAndWithout() throws Exception {
        String chunked =
                "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                        + ScriptedServer.chunk("ab")
                        + ScriptedServer.chunk("c")
                        + "0\r\n\r\n";
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            switch (request.path()) {
                                case "/chunked" -> peer.write(chunked);
                                case "/none" -> peer.write("HTTP/1.1 204 None\r\n\r\n");
                                default -> peer.write("HTTP/1.1 200 OK\r\n\r\nabc").close();
                            }
                        })) {
            assertThat(fetch(server, "/chunked").body()).isEqualTo("abc");
            assertThat(fetch(server, "/none").body()).isEmpty();
            assertThat(fetch(server, "/close").body()).isEqualTo("abc");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void keepsAConnectionForTheNextCall() throws Exception {
        try (var server = new ScriptedServer((_, peer) -> peer.answer(200, "t", "x"))) {
            for (int i = 0; i < 5; i++) {
                fetch(server, "/");
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(client.idleConnections()).isEqualTo(1);
        }
    }

    @Test
    void aKeptConnectionTheServerClosedDoesNotFailACall() throws Exception {
        var closes = new ArrayList<Integer>();
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            if (request.path().equals("/again") && closes.isEmpty()) {
                                closes.add(request.connection());
                                peer.close();
                            } else {
                                peer.answer(200, "t", "x");
                            }
                        })) {
            fetch(server, "/");
            server.closeConnections();
            fetch(server, "/");
            assertThat(fetch(server, "/again").body()).isEqualTo("x");
            assertThat(closes).containsExactly(2);
            assertThat(server.accepted()).isEqualTo(3);
        }
    }

    @Test
    void aRequestIsSentTwiceAtMost() throws Exception {
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            if (request.path().equals("/bad")) {
                                peer.close();
                            } else {
                                peer.answer(200, "t", "x");
                            }
                        })) {
            fetch(server, "/");

            assertThatThrownBy(() -> fetch(server, "/bad")).hasCauseInstanceOf(IOException.class);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void readsEventsAndKeepsTheConnection() throws Exception {
        try (var server =
                new ScriptedServer(
                        (_, peer) ->
                                peer.openEvents()
                                        .write(ScriptedServer.chunk(": ping\n\n"))
                                        .event("a")
                                        .write(ScriptedServer.chunk("data: b\n\ndata: c"))
                                        .write(ScriptedServer.chunk("\n\ndata: cut"))
                                        .endChunks())) {
            assertThat(stream(server, LONG).await()).containsExactly("open", "a", "b", "c", "end");
            assertThat(stream(server, LONG).await()).hasSize(5);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void brokenOffAnywhereIsLost() throws Exception {
        byte[] whole =
                (ScriptedServer.EVENTS_HEAD
                                + ScriptedServer.chunk("data: a\n\n")
                                + ScriptedServer.chunk("data: b\n\n")
                                + "0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            int cut = Integer.parseInt(request.path().substring(1));
                            peer.write(Arrays.copyOf(whole, cut)).close();
                        })) {
            List<Recording> recordings = new ArrayList<>();
            for (int cut = 0; cut <= whole.length; cut++) {
                var recording = new Recording();
                recordings.add(recording);
                client.stream(ClientRequest.get(address(server), "/" + cut), LONG, recording);
                recording.await();
            }
            assertThat(recordings.removeLast().log()).containsExactly("open", "a", "b", "end");
            assertThat(recordings)
                    .allSatisfy(
                            it -> {
                                assertThat(it.log()).endsWith("LOST");
                                assertThat(List.of("open", "a", "b", "LOST"))
                                        .containsSubsequence(it.log());
                            });
        }
    }

    @Test
    void whatIsNotHttpIsMalformed() throws Exception {
        List<String> answers =
                List.of(
                        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                        "HTTP/1.1 200 " + "x".repeat(2_000) + "\r\n\r\n",
                        "HTTP/1.1 200 OK\r\n" + "x-a: bcdefgh\r\n".repeat(1_000) + "\r\n",
                        "HTTP/1.1 200 OK\r\nx: " + "y".repeat(9_000) + "\r\n\r\n",
                        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                        ScriptedServer.EVENTS_HEAD
                                + ScriptedServer.chunk("data: " + "x".repeat(2_000)),
                        ScriptedServer.whole(200, "t", "x".repeat(20_000)));
        for (String answer : answers) {
            try (var server = new ScriptedServer((_, peer) -> peer.write(answer).awaitClosed())) {
                assertThat(stream(server, LONG).await())
                        .as(answer.substring(0, 20))
                        .endsWith("MALFORMED");
                Eventually.await().until(() -> server.open() == 0);
            }
        }
    }

    @Test
    void anErrorIsToldEvenIfItsBodyNeverEnds() throws Exception {
        String head = "HTTP/1.1 500 Oops\r\ncontent-type: text/html\r\n";
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            if (request.path().equals("/endless")) {
                                peer.write(head + "\r\n" + "x".repeat(100_000)).awaitClosed();
                            } else {
                                peer.write(head + "content-length: 9\r\n\r\n<h1>").awaitClosed();
                            }
                        })) {
            var endless = new Recording();
            client.stream(ClientRequest.get(address(server), "/endless"), LONG, endless);
            var silent = new Recording();
            client.stream(ClientRequest.get(address(server), "/silent"), SHORT, silent);

            assertThat(endless.await().getFirst()).startsWith("answer 500 xxx");
            assertThat(silent.await()).containsExactly("answer 500 <h1>");
        }
    }

    @Test
    void silenceTimesOutAtEveryStage() throws Exception {
        String event = ScriptedServer.EVENTS_HEAD + ScriptedServer.chunk("data: a\n\n");
        for (String answer :
                List.of("", "HTTP/1.1 200 OK\r\n", ScriptedServer.EVENTS_HEAD, event)) {
            try (var server = new ScriptedServer((_, peer) -> peer.write(answer).awaitClosed())) {
                assertThat(stream(server, SHORT).await()).endsWith("TIMED_OUT");
                Eventually.await().until(() -> server.open() == 0);
            }
        }
    }

    @Test
    void nobodyThereIsUnreachable() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var recording = new Recording();
        HttpAddress address = HttpAddress.parse("http://127.0.0.1:" + port);
        client.stream(ClientRequest.get(address, "/"), LONG, recording);

        assertThat(recording.await()).containsExactly("UNREACHABLE");
    }

    @Test
    void tooManyConnectionsAreRefusedAndTheOthersGoOn() throws Exception {
        var release = new CountDownLatch(1);
        try (var server =
                new ScriptedServer(
                        (_, peer) -> {
                            release.await();
                            peer.answer(200, "t", "x");
                        })) {
            List<CompletableFuture<HttpReply>> running = new ArrayList<>();
            for (int i = 0; i < LIMITS.connectionsMax(); i++) {
                running.add(client.fetch(ClientRequest.get(address(server), "/"), LONG));
            }
            Eventually.await().until(() -> server.requests().size() == LIMITS.connectionsMax());
            assertThat(stream(server, LONG).await()).containsExactly("TOO_MANY_CONNECTIONS");
            release.countDown();
            for (CompletableFuture<HttpReply> reply : running) {
                assertThat(reply.get().body()).isEqualTo("x");
            }
            assertThat(client.idleConnections()).isLessThanOrEqualTo(LIMITS.idleConnectionsMax());
        }
    }
}
