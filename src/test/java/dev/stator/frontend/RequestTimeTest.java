package dev.stator.frontend;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/// How long a request may take, and what its client hears meanwhile.
class RequestTimeTest {
    private static final RequestRules IMPATIENT =
            new RequestRules(true, Optional.of(Duration.ofMillis(50)), Duration.ZERO);
    private static final RequestRules LIVELY =
            new RequestRules(true, Optional.empty(), Duration.ofMillis(20));

    private static ScriptedEngine waiting() {
        return new ScriptedEngine(ScriptedEngine.Play::awaitStep);
    }

    @Test
    void aRequestThatTakesTooLongIsToldSoAndStopped() throws Exception {
        ScriptedEngine engine = waiting();
        try (var frontend = new TestFrontend(engine, IMPATIENT)) {
            HttpResponse<String> response = frontend.chat(TestFrontend.body(""));

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body())
                    .contains("the request took longer than 50 ms", "\"code\":\"timed_out\"");
            await().until(() -> engine.plays().getFirst().isClosed());
            assertThat(engine.plays().getFirst().request().hints().timeout())
                    .contains(Duration.ofMillis(50));
        }
    }

    @Test
    void aClientSaysHowLongItWillWait() throws Exception {
        try (var frontend = new TestFrontend(waiting())) {
            HttpResponse<String> response = frontend.send(chat(frontend, "30"));
            assertThat(response.statusCode()).isEqualTo(504);
            HttpResponse<String> refused = frontend.send(chat(frontend, "soon"));

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("the header 'x-request-timeout-ms' must be a whole number: ");
        }
    }

    @Test
    void aStreamThatTakesTooLongEndsWithTheError() throws Exception {
        var engine =
                new ScriptedEngine(
                        play -> {
                            play.start();
                            play.say("half");
                            play.awaitStep();
                        });
        try (var frontend = new TestFrontend(engine, IMPATIENT)) {
            HttpResponse<String> response = frontend.chat(TestFrontend.body(",\"stream\":true"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(TestFrontend.contents(response.body())).isEqualTo("half");
            assertThat(response.body()).contains("\"code\":\"timed_out\"").doesNotContain("[DONE]");
        }
    }

    @Test
    void aStreamThatWaitsGetsSignsOfLife() throws Exception {
        var engine =
                new ScriptedEngine(
                        play -> {
                            play.awaitStep();
                            play.start();
                            play.say("at last");
                            play.stop();
                        });
        try (var frontend = new TestFrontend(engine, LIVELY);
                RawHttp client = RawHttp.connect(frontend.frontend().address().getPort())) {
            client.post(TestFrontend.CHAT, TestFrontend.body(",\"stream\":true"));
            client.readUntil(": keep-alive");
            client.readUntil(": keep-alive");
            engine.plays().getFirst().step();
            client.readUntil("data: [DONE]");
        }
    }

    @Test
    void aRefusalAfterASignOfLifeIsAnEvent() throws Exception {
        var engine =
                new ScriptedEngine(
                        play -> {
                            play.awaitStep();
                            play.fail(EngineFailure.of(FailureKind.OVERLOADED, "busy"));
                        });
        try (var frontend = new TestFrontend(engine, LIVELY);
                RawHttp client = RawHttp.connect(frontend.frontend().address().getPort())) {
            client.post(TestFrontend.CHAT, TestFrontend.body(",\"stream\":true"));
            client.readUntil("200 OK");
            client.readUntil(": keep-alive");
            engine.plays().getFirst().step();
            client.readUntil("\"code\":\"overloaded\"");
        }
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> new RequestRules(true, Optional.of(Duration.ZERO), Duration.ZERO))
                .hasMessage("request-timeout-secs must be positive: PT0S");
    }

    private static HttpRequest.Builder chat(TestFrontend frontend, String timeout) {
        return HttpRequest.newBuilder(frontend.uri(TestFrontend.CHAT))
                .header("x-request-timeout-ms", timeout)
                .POST(BodyPublishers.ofString(TestFrontend.body("")));
    }
}
