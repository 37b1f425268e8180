package dev.stator.platform.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.testing.Eventually;
import dev.stator.testing.ScriptedServer;
import dev.stator.testing.ScriptedServer.Peer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// What one call may do while its answer comes.
class HttpCallTest extends ClientFixture {

    @Test
    void anExpectationThatIsRenewedHolds() throws Exception {
        try (var server =
                new ScriptedServer(
                        (_, peer) -> {
                            peer.openEvents();
                            for (int i = 0; i < 30; i++) {
                                peer.event("e" + i);
                            }
                            peer.awaitClosed();
                        })) {
            var recording = new Recording((call, _) -> call.expectWithin(SHORT));
            client.stream(ClientRequest.get(address(server), "/"), LONG, recording);

            assertThat(recording.await()).hasSize(32).endsWith("e29", "TIMED_OUT");
        }
    }

    @Test
    void aPausedCallHearsNothingUntilItIsResumed() throws Exception {
        String answer =
                ScriptedServer.EVENTS_HEAD
                        + ScriptedServer.chunk("data: a\n\ndata: b\n\n").repeat(200)
                        + "0\r\n\r\n";
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            switch (request.path()) {
                                case "/keep" -> peer.write(answer);
                                case "/close" -> peer.write(answer).close();
                                default -> peer.answer(200, "t", "x");
                            }
                        })) {
            for (String path : List.of("/keep", "/close")) {
                var reached = new CountDownLatch(1);
                var recording = new Recording((call, _) -> pauseOnce(call, reached));
                HttpCall call =
                        client.stream(ClientRequest.get(address(server), path), LONG, recording);
                reached.await();
                fetch(server, "/other");
                assertThat(recording.log()).containsExactly("open", "a");
                call.resume();
                assertThat(recording.await()).hasSize(402).endsWith("b", "end");
            }
        }
    }

    @Test
    void timeSpentPausedDoesNotCount() throws Exception {
        var resumed = new CountDownLatch(1);
        try (var server =
                new ScriptedServer(
                        (_, peer) -> {
                            peer.openEvents().event("a");
                            resumed.await();
                            peer.event("b").endChunks();
                        })) {
            var paused = new CountDownLatch(1);
            var recording =
                    new Recording(
                            (call, data) -> {
                                call.expectWithin(data.equals("a") ? SHORT : LONG);
                                if (data.equals("a")) {
                                    call.pause();
                                    paused.countDown();
                                }
                            });
            HttpCall call = client.stream(ClientRequest.get(address(server), "/"), LONG, recording);
            paused.await();
            assertThat(stream(server, SHORT).await()).endsWith("TIMED_OUT");
            assertThat(recording.log()).containsExactly("open", "a");
            resumed.countDown();
            call.resume();
            assertThat(recording.await()).endsWith("b", "end");
        }
    }

    @Test
    void cancellingClosesTheConnection() throws Exception {
        try (var server =
                new ScriptedServer((_, peer) -> peer.openEvents().event("a").awaitClosed())) {
            var recording = new Recording((call, _) -> call.cancel());
            client.stream(ClientRequest.get(address(server), "/"), LONG, recording);
            var early = new Recording();
            client.stream(ClientRequest.get(address(server), "/"), LONG, early).cancel();

            assertThat(recording.await()).containsExactly("open", "a", "CANCELLED");
            assertThat(early.await()).endsWith("CANCELLED");
            Eventually.await().until(() -> server.open() == 0 && client.connections() == 0);
        }
    }

    @Test
    void theRestOfAnAnswerIsReadForTheSakeOfTheConnection() throws Exception {
        try (var server =
                new ScriptedServer(
                        (request, peer) -> {
                            int rest = Integer.parseInt(request.path().substring(1));
                            peer.openEvents().event("a");
                            peer.write(ScriptedServer.chunk("x".repeat(rest))).endChunks();
                        })) {
            for (int rest : new int[] {5_000, 50_000}) {
                var first = new Recording((call, _) -> call.discardRest());
                client.stream(ClientRequest.get(address(server), "/" + rest), LONG, first);
                Eventually.await().until(() -> client.calls() == 0);
                boolean kept = rest < LIMITS.discardBytesMax();
                Eventually.await().until(() -> client.connections() == (kept ? 1 : 0));
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aListenerThatThrowsHarmsOnlyItself() throws Exception {
        try (var server =
                new ScriptedServer((_, peer) -> peer.openEvents().event("a").endChunks())) {
            var faulty =
                    new Recording(
                            (_, _) -> {
                                throw new IllegalStateException("thrown by a test");
                            });
            client.stream(ClientRequest.get(address(server), "/"), LONG, faulty);

            assertThat(faulty.await()).endsWith("MALFORMED");
            assertThat(stream(server, LONG).await()).endsWith("a", "end");
        }
    }

    @Test
    void closingFailsWhatRuns() throws Exception {
        try (var server = new ScriptedServer((_, peer) -> peer.openEvents().awaitClosed())) {
            Recording running = stream(server, LONG);
            Eventually.await().until(() -> running.log().contains("open"));
            client.close();

            assertThat(running.await()).containsExactly("open", "CLOSED");
            assertThat(stream(server, LONG).await()).containsExactly("CLOSED");
            Eventually.await().until(() -> server.open() == 0);
        }
    }

    @Test
    void aListenerMayCloseTheClient() throws Exception {
        try (var server = new ScriptedServer(HttpCallTest::oneEvent)) {
            var recording = new Recording((_, _) -> client.close());
            client.stream(ClientRequest.get(address(server), "/"), LONG, recording);

            assertThat(recording.await()).startsWith("open", "a");
        }
    }

    private static void pauseOnce(HttpCall call, CountDownLatch reached) {
        if (reached.getCount() > 0) {
            call.pause();
            reached.countDown();
        }
    }

    private static void oneEvent(ScriptedServer.Request request, Peer peer)
            throws IOException, InterruptedException {
        peer.openEvents().event("a").awaitClosed();
    }
}
