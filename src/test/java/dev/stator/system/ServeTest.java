package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `stator serve` with the demo model, as its users meet it.
class ServeTest {
    private static final Pattern WORKER = Pattern.compile("worker=(\\S+) cached=(\\d+)/(\\d+)");

    /// Completion ids by the names tests give their requests.
    private static final Map<String, String> COMPLETIONS = new ConcurrentHashMap<>();

    private static StatorProcess stator;

    @BeforeAll
    static void start() throws InterruptedException {
        stator = StatorProcess.serve();
    }

    @AfterAll
    static void stop() {
        stator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "What is the capital of France?, Paris",
        "What is the capital of Japan?, Tokyo",
        "What is a KV cache?, keys",
        "What does KV-aware routing do?, worker"
    })
    void answersSensibly(String question, String expected) throws Exception {
        HttpResponse<String> response = stator.post("/v1/chat/completions", body(question, ""));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(content(response)).containsIgnoringCase(expected);
    }

    @Test
    void theCardSaysWhatToPaste() throws InterruptedException {
        assertThat(stator.output())
                .contains("curl -N " + stator.url() + "/v1/chat/completions")
                .contains("\"model\": \"demo\"");
    }

    @Test
    void streamsServerSentEvents() throws Exception {
        HttpResponse<String> response =
                stator.post(
                        "/v1/chat/completions",
                        body("What is the capital of France?", ", \"stream\": true"));

        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        assertThat(response.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
    }

    @Test
    void theSameLongPromptGoesToTheSameWorkerAndIsFoundInItsCache() throws Exception {
        String question = "the quick brown fox jumps over the lazy dog. ".repeat(40) + "Hello!";
        HttpResponse<String> first = named("long-1", question);
        HttpResponse<String> second = named("long-2", question);

        Matcher before = logged("long-1");
        Matcher after = logged("long-2");
        assertThat(after.group(1)).isEqualTo(before.group(1));
        assertThat(cached(first)).isZero();
        assertThat(cached(second)).isGreaterThan(300);
        assertThat(Integer.parseInt(after.group(2))).isEqualTo(cached(second));
    }

    @Test
    void healthListsTheWorkers() throws Exception {
        JsonField health = JsonField.root(parse(stator.get("/health").body()));

        assertThat(health.get("status").string()).isEqualTo("healthy");
        assertThat(health.get("endpoints").items())
                .extracting(JsonField::string)
                .contains("dyn://dynamo.backend.generate", "dyn://dynamo.kv-router.generate");
        List<String> instances =
                health.get("instances").items().stream()
                        .map(it -> it.get("component").string() + "/" + it.get("endpoint").string())
                        .toList();
        assertThat(instances).filteredOn("backend/generate"::equals).hasSize(2);
        assertThat(instances).contains("kv-router/generate");
    }

    @Test
    void metricsCarryDynamosNames() throws Exception {
        stator.post("/v1/chat/completions", body("Hello!", ""));

        assertThat(stator.get("/metrics").body())
                .contains("dynamo_frontend_requests_total{", "dynamo_frontend_cached_tokens");
    }

    private static HttpResponse<String> named(String id, String question)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                stator.post(
                        "/v1/chat/completions",
                        body(question, ", \"max_tokens\": 8, \"user\": \"" + id + "\""));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        String completion = JsonField.root(parse(response.body())).get("id").string();
        COMPLETIONS.put(id, completion);
        return response;
    }

    private static Matcher logged(String id) throws InterruptedException {
        String line = stator.awaitLine(it -> it.contains(COMPLETIONS.get(id) + " status="));
        Matcher matcher = WORKER.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return matcher;
    }

    private static int cached(HttpResponse<String> response) {
        return JsonField.root(parse(response.body()))
                .get("usage")
                .get("prompt_tokens_details")
                .get("cached_tokens")
                .integer(0, Integer.MAX_VALUE);
    }

    private static String content(HttpResponse<String> response) {
        return JsonField.root(parse(response.body()))
                .get("choices")
                .items()
                .getFirst()
                .get("message")
                .get("content")
                .string();
    }

    private static JsonValue parse(String json) {
        return Json.parse(json, JsonLimits.REQUEST);
    }

    private static String body(String question, String more) {
        return """
        {"model": "demo", "temperature": 0,
         "messages": [{"role": "user", "content": "%s"}]%s}
        """
                .formatted(question, more);
    }
}
