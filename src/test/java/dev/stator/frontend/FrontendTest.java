package dev.stator.frontend;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.http.HttpLimits;
import dev.stator.platform.metrics.Metrics;
import dev.stator.testing.RawHttp;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class FrontendTest {
    private static final ScriptedEngine.Script WAITING =
            play -> {
                play.start();
                play.awaitStep();
                play.say("done");
                play.stop();
            };

    @Test
    void modelsAreListedAndFoundByNameSlashesIncluded() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var models =
                ModelDirectory.of(
                        TestFrontend.model("org/name", ScriptedEngine.saying("")),
                        TestFrontend.model("other", ScriptedEngine.saying("")));
        var metrics = Metrics.withPrefix("x");
        try (var frontend =
                        new Frontend(
                                FrontendConfig.on(address),
                                models,
                                Operations.of(HealthSource.NONE),
                                metrics,
                                TimeAndChance.system());
                HttpClient client = HttpClient.newHttpClient()) {
            String base = "http://127.0.0.1:" + frontend.address().getPort();
            String entry =
                    """
                    {"id":"org/name","object":"model","created":1700000000,\
                    "owned_by":"stator","context_window":20000,"max_model_len":20000}\
                    """;
            assertThat(get(client, base + "/v1/models").body())
                    .isEqualTo(
                            "{\"object\":\"list\",\"data\":["
                                    + entry
                                    + ","
                                    + entry.replace("org/name", "other")
                                    + "]}");
            assertThat(get(client, base + "/v1/models/org/name").body()).isEqualTo(entry);
            assertThat(get(client, base + "/v1/models/org%2Fname").body()).isEqualTo(entry);
            assertThat(get(client, base + "/v1/models/org+name").body()).contains("org+name");
        }
    }

    @Test
    void healthListsWhatDiscoveryKnows() throws Exception {
        var instance = new JsonObject(Map.of("instance_id", JsonNumber.ofUnsigned(-1L)));
        HealthSource source =
                () ->
                        new HealthSource.Instances(
                                List.of("dyn://dynamo.backend.generate"),
                                List.of(instance),
                                List.of("worker 7 is ignored"));
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var frontend =
                        new Frontend(
                                FrontendConfig.on(address),
                                ModelDirectory.of(),
                                Operations.of(source),
                                Metrics.withPrefix("x"),
                                TimeAndChance.system());
                HttpClient client = HttpClient.newHttpClient()) {
            String base = "http://127.0.0.1:" + frontend.address().getPort();

            assertThat(get(client, base + "/health").body())
                    .isEqualTo(
                            """
                            {"status":"healthy","message":"Service is healthy",\
                            "endpoints":["dyn://dynamo.backend.generate"],\
                            "instances":[{"instance_id":18446744073709551615}],\
                            "warnings":["worker 7 is ignored"]}\
                            """);
            assertThat(get(client, base + "/live").body())
                    .isEqualTo("{\"status\":\"live\",\"message\":\"Service is live\"}");
        }
    }

    private static HttpResponse<String> get(HttpClient client, String uri) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }

    @Test
    void metricsHaveDynamosNames() throws Exception {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("abc"))) {
            frontend.chat(TestFrontend.body(""));
            frontend.chat(TestFrontend.body(",\"stream\":true"));
            frontend.chat("{}");

            String text = frontend.get("/metrics").body();
            String requests =
                    "dynamo_frontend_requests_total{endpoint=\"chat_completions\","
                            + "model=\"test\",request_type=";
            assertThat(text)
                    .contains(requests + "\"unary\",status=\"success\"} 1.0")
                    .contains(requests + "\"stream\",status=\"success\"} 1.0")
                    .contains("dynamo_frontend_inflight_requests{model=\"test\"} 0.0")
                    .contains("dynamo_frontend_output_tokens_total{model=\"test\"} 8.0")
                    .contains("dynamo_frontend_time_to_first_token_seconds_count{model=\"test\"} 2")
                    .contains("dynamo_frontend_inter_token_latency_seconds_count{model=\"test\"} 6")
                    .contains("dynamo_frontend_request_duration_seconds_count{model=\"test\"} 2")
                    .contains("dynamo_frontend_input_sequence_tokens_sum{model=\"test\"} 6.0")
                    .contains("dynamo_frontend_output_sequence_tokens_sum{model=\"test\"} 8.0")
                    .contains("dynamo_frontend_cached_tokens_sum{model=\"test\"} 6.0")
                    .contains("dynamo_frontend_disconnected_clients 0.0");
        }
    }

    @Test
    void aRequestKeepsTheNameItsClientGave() throws Exception {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("a"))) {
            for (String id : List.of("abc-1", "no good", "x".repeat(129))) {
                HttpResponse<String> response =
                        frontend.send(
                                HttpRequest.newBuilder(frontend.uri(TestFrontend.CHAT))
                                        .header("X-Request-Id", id)
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        TestFrontend.body(""))));
                String echoed = response.headers().firstValue("x-request-id").orElseThrow();
                if (id.equals("abc-1")) {
                    assertThat(echoed).isEqualTo(id);
                } else {
                    assertThat(echoed).matches("[0-9a-f]{32}");
                }
            }
        }
    }

    @Test
    void requestsBeyondTheLimitAreTurnedAway() throws Exception {
        var engine = new ScriptedEngine(WAITING);
        try (var frontend = new TestFrontend(engine, HttpLimits.DEFAULT, 1);
                RawHttp first = RawHttp.connect(frontend.frontend().address().getPort())) {
            first.post(TestFrontend.CHAT, TestFrontend.body(""));
            await().until(() -> engine.plays().size() == 1);

            HttpResponse<String> second = frontend.chat(TestFrontend.body(""));
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.headers().firstValue("retry-after")).hasValue("1");

            engine.plays().getFirst().step();
            assertThat(first.read().status()).isEqualTo(200);
            await().until(() -> frontend.frontend().requests() == 0);
            CompletableFuture<Integer> third =
                    CompletableFuture.supplyAsync(() -> status(frontend));
            await().until(() -> engine.plays().size() == 2);
            engine.plays().getLast().step();
            assertThat(third.join()).isEqualTo(200);
        }
    }

    private static int status(TestFrontend frontend) {
        try {
            return frontend.chat(TestFrontend.body("")).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingLetsARunningRequestEndAndTurnsNewOnesAway() throws Exception {
        var engine = new ScriptedEngine(WAITING);
        try (var frontend = new TestFrontend(engine);
                RawHttp running = RawHttp.connect(frontend.frontend().address().getPort());
                RawHttp pipelined = RawHttp.connect(frontend.frontend().address().getPort())) {
            running.post(TestFrontend.CHAT, TestFrontend.body(""));
            pipelined.post(TestFrontend.CHAT, TestFrontend.body(""));
            await().until(() -> engine.plays().size() == 2);
            var closing = CompletableFuture.runAsync(frontend.frontend()::close);
            await().until(() -> refused(frontend));

            engine.plays().forEach(ScriptedEngine.Play::step);
            RawHttp.Answer answer = running.read();
            assertThat(answer.body()).contains("\"content\":\"done\"");
            assertThat(answer.headers()).containsEntry("connection", "close");
            running.end();
            pipelined.read();
            pipelined.end();
            assertThat(closing).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private static boolean refused(TestFrontend frontend) {
        try {
            RawHttp.connect(frontend.frontend().address().getPort()).end();
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
