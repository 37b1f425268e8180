package dev.stator.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenSink;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.http.HttpLimits;
import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// What a client can do wrong, and what goes wrong behind the frontend, each with the status and
/// the error body an OpenAI client expects.
class BadInputTest {
    private static TestFrontend frontend;

    @BeforeAll
    static void start() {
        frontend =
                new TestFrontend(
                        ScriptedEngine.saying("ok"),
                        HttpLimits.DEFAULT.withBodyBytes(10 << 20, 40 << 20),
                        100);
    }

    @AfterAll
    static void stop() {
        frontend.close();
    }

    private static void assertError(
            HttpResponse<String> response, int status, String param, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonField error = error(response.body());
        assertThat(error.get("message").string()).isNotBlank().doesNotContain("Exception");
        assertThat(error.get("type").string()).isNotBlank();
        assertThat(error.get("param").optional().map(JsonField::string).orElse(""))
                .isEqualTo(param);
        assertThat(error.get("code").optional().map(JsonField::string).orElse("")).isEqualTo(code);
    }

    private static JsonField error(String body) {
        return JsonField.root(Json.parse(body, JsonLimits.REQUEST)).get("error");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json                        | ``",
                "{\"model\":\"test\"             | ``",
                "[]                              | ``",
                "{}                              | model",
                "{\"model\":7}                   | model",
                "{\"model\":\"test\"}            | messages",
            })
    void whatIsNotARequestIsRefused(String body, String param) throws Exception {
        assertError(frontend.chat(body), 400, param, "");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                ",\"max_tokens\":-1     | max_tokens",
                ",\"temperature\":9     | temperature",
                ",\"n\":16384           | n",
                ",\"stop\":[[]]         | stop[0]",
                ",\"logit_bias\":{\"300\":1} | logit_bias",
            })
    void aFieldOutOfItsRangeIsNamed(String member, String param) throws Exception {
        assertError(frontend.chat(TestFrontend.body(member)), 400, param, "");
    }

    @Test
    void aModelNobodyServesIsNotFound() throws Exception {
        String body = TestFrontend.body("").replace("\"test\"", "\"no/such\\\"model\"");

        assertError(frontend.chat(body), 404, "model", "model_not_found");
        assertError(frontend.get("/v1/models/no/such"), 404, "model", "model_not_found");
        HttpResponse<String> response = frontend.chat(body.replace("no/such", "x".repeat(10_000)));
        assertError(response, 404, "model", "model_not_found");
        assertThat(response.body()).hasSizeLessThan(1_000);
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void bracketsWithoutEndAreRefusedWithoutOverflow() throws Exception {
        assertError(frontend.chat("{\"messages\":" + "[".repeat(5_000)), 400, "", "");
        assertError(frontend.chat("{\"a\":".repeat(100_000)), 400, "", "");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws Exception {
        byte[] body = TestFrontend.body("").getBytes(StandardCharsets.UTF_8);
        body[body.length - 5] = (byte) 0xff;
        HttpResponse<String> response =
                frontend.send(
                        HttpRequest.newBuilder(frontend.uri(TestFrontend.CHAT))
                                .POST(BodyPublishers.ofByteArray(body)));

        assertError(response, 400, "", "");
    }

    @Test
    void aPromptBeyondTheContextIsRefusedWithItsFigures() throws Exception {
        String body = TestFrontend.body("").replace("hi", "x".repeat(8 << 20));
        HttpResponse<String> response = frontend.chat(body);

        assertError(response, 400, "messages", "context_length_exceeded");
        assertThat(response.body()).contains("8388609 tokens").contains("20000");
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        try (RawHttp client = RawHttp.connect(frontend.frontend().address().getPort())) {
            RawHttp.Answer answer =
                    client.send(
                                    """
                                    POST /v1/chat/completions HTTP/1.1\r
                                    Host: x\r
                                    Content-Length: 100000000\r
                                    \r
                                    """)
                            .read();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(error(answer.body()).get("type").string())
                    .isEqualTo("invalid_request_error");
        }
    }

    @Test
    void onlyJsonIsTaken() throws Exception {
        try (RawHttp client = RawHttp.connect(frontend.frontend().address().getPort())) {
            String body = TestFrontend.body("");
            RawHttp.Answer answer =
                    client.send(
                                    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
                                            + "Content-Type: text/plain\r\nContent-Length: "
                                            + body.length()
                                            + "\r\n\r\n"
                                            + body)
                            .read();
            assertThat(answer.status()).isEqualTo(415);
        }
    }

    @Test
    void wrongMethodsAndPathsHaveErrorBodiesToo() throws Exception {
        assertError(frontend.get(TestFrontend.CHAT), 405, "", "");
        assertError(frontend.get("/v1/nothing"), 404, "", "");
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void aFailureBeforeTheFirstTokenHasItsStatusWhetherStreamedOrNot(FailureKind kind)
            throws Exception {
        try (var failing = new TestFrontend(ScriptedEngine.failing(kind))) {
            for (String more : new String[] {"", ",\"stream\":true"}) {
                HttpResponse<String> response = failing.chat(TestFrontend.body(more));
                String code =
                        switch (kind) {
                            case INVALID_REQUEST -> "invalid_request";
                            case OVERLOADED -> "overloaded";
                            case UNAVAILABLE -> "unavailable";
                            case TIMED_OUT -> "timed_out";
                            case INTERNAL -> "internal_error";
                        };
                int status =
                        switch (kind) {
                            case INVALID_REQUEST -> 400;
                            case OVERLOADED -> 429;
                            case UNAVAILABLE -> 503;
                            case TIMED_OUT -> 504;
                            case INTERNAL -> 500;
                        };
                assertError(response, status, "", code);
                assertThat(response.headers().firstValue("retry-after").isPresent())
                        .isEqualTo(status == 429 || status == 503);
            }
            assertThat(failing.frontend().requests()).isZero();
        }
    }

    @Test
    void theEnginesAdviceWhenToRetryIsRoundedUp() throws Exception {
        var failure =
                new EngineFailure(
                        FailureKind.OVERLOADED, "busy", Optional.of(Duration.ofMillis(2_100)));
        try (var failing = new TestFrontend(ScriptedEngine.failing(failure))) {
            assertThat(failing.chat(TestFrontend.body("")).headers().firstValue("retry-after"))
                    .hasValue("3");
        }
    }

    @Test
    void anEngineThatIsShutDownIsNoSilentEnd() throws Exception {
        var engine =
                new ScriptedEngine(
                        play -> {
                            play.start();
                            play.say("half an answ");
                            play.finish(FinishReason.CANCELLED);
                        });
        try (var cut = new TestFrontend(engine)) {
            assertError(cut.chat(TestFrontend.body("")), 503, "", "unavailable");
            String stream = cut.chat(TestFrontend.body(",\"stream\":true")).body();
            assertThat(stream).contains("\"error\"").doesNotContain("[DONE]");
        }
    }

    @Test
    void anEngineThatThrowsIsAnInternalErrorAndLeavesNothingBehind() throws Exception {
        Engine engine =
                new ForwardingEngine(ScriptedEngine.saying("ok")) {
                    @Override
                    public Generation generate(GenerationRequest request, TokenSink sink) {
                        throw new IllegalStateException("secret");
                    }
                };
        try (var broken = new TestFrontend(engine)) {
            assertError(broken.chat(TestFrontend.body(",\"n\":2")), 500, "", "internal_error");
            assertThat(broken.frontend().requests()).isZero();
            assertThat(broken.metrics()).contains("inflight_requests{model=\"test\"} 0.0");
        }
    }

    @Test
    void aBrokenEngineIsAnInternalError() throws IOException, InterruptedException {
        var engine =
                new ScriptedEngine(
                        play -> {
                            throw new IllegalStateException("unexpected");
                        });
        try (var broken = new TestFrontend(engine)) {
            assertThat(broken.chat(TestFrontend.body("")).statusCode()).isEqualTo(500);
        }
    }
}
