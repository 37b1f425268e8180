package dev.stator.engine.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.testing.Eventually;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class RemoteHealthTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    private static GenerationRequest request() {
        return Requests.request("r", Requests.prompt(8, 1), 3, 0);
    }

    private static RecordingSink run(RemoteEngine engine) throws InterruptedException {
        var sink = new RecordingSink();
        engine.generate(request(), sink);
        sink.awaitEnd();
        return sink;
    }

    private static RemoteEngine open(ScriptedEngine server, Duration checks) throws Exception {
        return RemoteEngine.open(
                Remotes.config(server.server(), Remotes.limits(8, Remotes.LONG, checks)));
    }

    /// Writes down what it hears.
    private record Notes(List<String> heard) implements HealthListener {
        Notes() {
            this(new CopyOnWriteArrayList<>());
        }

        @Override
        public void onUp() {
            heard.add("up");
        }

        @Override
        public void onDown(String reason) {
            heard.add("down: " + reason);
        }
    }

    @Test
    void aServerThatFailsItsChecksIsDownUntilItPassesOne() throws Exception {
        try (var server =
                        new ScriptedEngine(
                                new VllmFlavor(), (_, peer) -> peer.answer(500, "t", "broken"));
                RemoteEngine engine = open(server, OFTEN)) {
            var notes = new Notes();
            engine.health().listen(notes);
            server.sicken(true);
            Eventually.await().until(() -> notes.heard().size() == 1);
            long asked = count(server);
            RecordingSink refused = run(engine);

            assertThat(notes.heard().getFirst()).isEqualTo("down: the engine answered 500: broken");
            assertThat(refused.awaitFailure().kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(count(server)).isEqualTo(asked);
            server.sicken(false);
            Eventually.await().until(() -> notes.heard().size() == 2);
            assertThat(notes.heard().getLast()).isEqualTo("up");
            assertThat(engine.health().isUp()).isTrue();
        }
    }

    /// Requests other than health checks.
    private static long count(ScriptedEngine server) {
        return server.server().requests().stream()
                .filter(it -> it.body().contains("\"prompt\":[") && !it.body().contains("[0]"))
                .count();
    }

    @Test
    void aFailedRequestBringsTheCheckForward() throws Exception {
        try (var server =
                        new ScriptedEngine(
                                new VllmFlavor(), (_, peer) -> peer.answer(500, "t", "broken"));
                RemoteEngine engine = open(server, Remotes.LONG)) {
            int before = server.server().requests().size();
            run(engine);

            Eventually.await().until(() -> server.server().requests().size() == before + 2);
            assertThat(engine.health().isUp()).isTrue();
        }
    }

    @Test
    void aServerWithTooMuchWorkIsUp() throws Exception {
        try (var server =
                        new ScriptedEngine(
                                new VllmFlavor(), (_, peer) -> peer.answer(503, "t", "busy"));
                RemoteEngine engine = open(server, OFTEN)) {
            server.sicken(true);
            int before = server.server().requests().size();
            Eventually.await().until(() -> server.server().requests().size() > before + 5);

            assertThat(engine.health().isUp()).isTrue();
            assertThat(run(engine).awaitFailure().kind()).isEqualTo(FailureKind.OVERLOADED);
        }
    }

    @Test
    void aServerThatHasGoneIsDown() throws Exception {
        try (var server = new ScriptedEngine(new VllmFlavor(), (good, peer) -> good.writeTo(peer));
                RemoteEngine engine = open(server, OFTEN)) {
            assertThat(run(engine).awaitEnd()).isInstanceOf(Finished.class);
            server.server().close();

            Eventually.await().until(() -> !engine.health().isUp());
        }
    }
}
