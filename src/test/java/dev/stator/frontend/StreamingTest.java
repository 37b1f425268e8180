package dev.stator.frontend;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.frontend.ScriptedEngine.Play;
import dev.stator.platform.http.HttpLimits;
import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;

class StreamingTest {

    private static RawHttp connect(TestFrontend frontend, int receiveBufferBytes)
            throws IOException {
        return RawHttp.connect(frontend.frontend().address().getPort(), receiveBufferBytes);
    }

    private static HttpLimits shortStall() {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                usual.requestLineBytesMax(),
                usual.headerBytesMax(),
                usual.headersMax(),
                usual.bodyBytesMax(),
                usual.bodyBytesTotalMax(),
                usual.headDeadline(),
                usual.bodyGrace(),
                usual.bodyBytesPerSecondMin(),
                usual.idleTimeout(),
                usual.connectionsMax(),
                usual.pipelinedPartsMax(),
                16 << 10,
                usual.pendingBytesMax(),
                Duration.ofMillis(500),
                4 << 10,
                usual.linger());
    }

    /// Starts, says one letter per step, and stops when closed.
    private static ScriptedEngine stepping() {
        return new ScriptedEngine(
                play -> {
                    play.start();
                    while (!play.isClosed()) {
                        play.awaitStep();
                        play.say("a");
                    }
                    play.stop();
                });
    }

    /// Talks as fast and as long as it may.
    private static ScriptedEngine talking() {
        return new ScriptedEngine(
                play -> {
                    play.start();
                    while (!play.isClosed() && !play.isLong()) {
                        play.awaitResumed();
                        play.say("a");
                    }
                    play.stop();
                });
    }

    @Test
    void aTokenIsSentBeforeTheNextIsThere() throws Exception {
        ScriptedEngine engine = stepping();
        try (var frontend = new TestFrontend(engine);
                RawHttp client = connect(frontend, 0)) {
            client.post(TestFrontend.CHAT, TestFrontend.body(",\"stream\":true,\"max_tokens\":2"));
            client.readUntil("\"role\":\"assistant\"");
            engine.plays().getFirst().step();
            client.readUntil("\"content\":\"a\"");
            engine.plays().getFirst().step();
            client.readUntil("\"content\":\"a\"");
        }
    }

    @Test
    void aClientThatLeavesEndsItsGenerationsStreamedOrNot() throws Exception {
        for (String more : new String[] {",\"n\":3,\"stream\":true", ",\"n\":3"}) {
            ScriptedEngine engine = stepping();
            try (var frontend = new TestFrontend(engine)) {
                try (RawHttp client = connect(frontend, 0)) {
                    client.post(TestFrontend.CHAT, TestFrontend.body(more));
                    await().until(() -> engine.plays().size() == 3);
                }

                await().until(() -> engine.plays().stream().allMatch(Play::isClosed));
                await().until(() -> frontend.frontend().requests() == 0);
                await().until(() -> frontend.metrics().contains("disconnected_clients 1.0"));
                assertThat(frontend.metrics())
                        .contains("dynamo_frontend_inflight_requests{model=\"test\"} 0.0")
                        .contains("dynamo_frontend_model_cancellation_total");
            }
        }
    }

    @Test
    void aSlowReaderPausesTheEngineUntilItReadsAgain() throws Exception {
        ScriptedEngine engine = talking();
        try (var frontend = new TestFrontend(engine, HttpLimits.DEFAULT, 10);
                RawHttp client = connect(frontend, 64 << 10)) {
            client.post(
                    TestFrontend.CHAT, TestFrontend.body(",\"stream\":true,\"max_tokens\":9000"));
            await().until(() -> engine.plays().size() == 1);
            await().until(engine.plays().getFirst()::isPaused);
            client.readUntil("data: [DONE]");
        }
    }

    @Test
    void aReaderThatNeverReadsIsCutOff() throws Exception {
        ScriptedEngine engine = talking();
        try (var frontend = new TestFrontend(engine, shortStall(), 10);
                RawHttp client = connect(frontend, 4 << 10)) {
            client.post(TestFrontend.CHAT, TestFrontend.body(",\"stream\":true"));
            await().until(() -> engine.plays().size() == 1);
            await().until(engine.plays().getFirst()::isClosed);
            await().until(() -> frontend.frontend().requests() == 0);
        }
    }

    @Test
    void aStopStringEndsTheStreamAndTheGeneration() throws Exception {
        ScriptedEngine engine =
                new ScriptedEngine(
                        play -> {
                            play.start();
                            play.say("one END two");
                            play.stop();
                        });
        try (var frontend = new TestFrontend(engine)) {
            String body =
                    frontend.chat(TestFrontend.body(",\"stream\":true,\"stop\":\" END\"")).body();

            assertThat(TestFrontend.contents(body)).isEqualTo("one");
            assertThat(body).contains("\"finish_reason\":\"stop\"").contains("[DONE]");
            assertThat(engine.plays().getFirst().isClosed()).isTrue();
        }
    }

    @Test
    void aFailureInTheMidstIsAnErrorEventAndNoEnd() throws Exception {
        var engine =
                new ScriptedEngine(
                        play -> {
                            play.start();
                            play.say("half");
                            play.fail(EngineFailure.of(FailureKind.UNAVAILABLE, "worker lost"));
                        });
        try (var frontend = new TestFrontend(engine)) {
            HttpResponse<String> response =
                    frontend.chat(TestFrontend.body(",\"stream\":true,\"n\":2"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body())
                    .endsWith(
                            "data: {\"error\":{\"message\":\"worker lost\",\"type\":"
                                    + "\"service_unavailable_error\",\"param\":null,"
                                    + "\"code\":\"unavailable\"}}\n\n")
                    .doesNotContain("[DONE]")
                    .doesNotContain("\"finish_reason\":\"");
        }
    }

    @Test
    void everyChoiceHasItsOwnIndexAndEnd() throws Exception {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("xy"))) {
            String body = frontend.chat(TestFrontend.body(",\"stream\":true,\"n\":8")).body();

            for (int i = 0; i < 8; i++) {
                String own = "(?s).*\"index\":" + i;
                assertThat(body).matches(own + ",\"delta\":\\{\"role\".*");
                assertThat(body).matches(own + ",\"delta\":\\{\"content\":\"y\".*");
                assertThat(body)
                        .matches(own + "[^\\n]*\"finish_reason\":\"stop\".*\\[DONE\\]\\n\\n");
            }
        }
    }

    @Test
    void reasoningIsStreamedApart() throws Exception {
        String said = "<think>\nlet me see\n</think>\n\nyes";
        try (var frontend = new TestFrontend(ScriptedEngine.saying(said))) {
            String stream = frontend.chat(TestFrontend.body(",\"stream\":true")).body();
            String whole = frontend.chat(TestFrontend.body("")).body();

            assertThat(TestFrontend.contents(stream)).isEqualTo("yes");
            assertThat(whole)
                    .contains("\"reasoning_content\":\"let me see\",\"content\":\"yes\"")
                    .contains("\"reasoning_tokens\":21");
        }
    }
}
