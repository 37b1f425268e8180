package dev.stator.launch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.ManualEngine;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.frontend.FrontendConfig;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.planes.Planes;
import dev.stator.model.GenerationDefaults;
import dev.stator.model.ModelReference;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.testing.ByteTokenizer;
import dev.stator.testing.Eventually;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What `/busy_threshold` says and does, over HTTP, with a worker behind the frontend.
class BusyThresholdTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final String PATH = "/busy_threshold";
    private static final String NONE =
            """
            {"model":"manual","active_decode_blocks_threshold":null,\
            "active_prefill_tokens_threshold":null,\
            "active_prefill_tokens_threshold_frac":null}\
            """;

    private final Planes planes = Planes.inProcess();
    private final HttpClient client = HttpClient.newHttpClient();
    private final KvEventPublisher publisher =
            new KvEventPublisher(
                    new KvEventSource(new WorkerId(1), 7), PROTOCOL.kvEvents(), planes.events());
    private final ManualEngine engine = new ManualEngine("worker", publisher);
    private Worker worker;
    private FrontendNode node;

    @BeforeEach
    void start() throws Exception {
        node = node(true);
        worker =
                Worker.open(
                        PROTOCOL,
                        engine,
                        List.of(publisher),
                        new Worker.Planes(planes.discovery(), planes.requests()),
                        Duration.ZERO);
        node.awaitModel("manual", 1);
    }

    @AfterEach
    void stop() {
        engine.close();
        node.close();
        worker.close();
        client.close();
        planes.close();
    }

    @Test
    void thresholdsAreListedReadAndSetPieceByPiece() throws Exception {
        assertThat(get(PATH).body()).isEqualTo("{\"thresholds\":[" + NONE + "]}");
        assertThat(post("{\"model\":\"manual\"}").body()).isEqualTo(NONE);

        assertThat(
                        post("""
                        {"model": "manual", "active_decode_blocks_threshold": 0.85,
                         "active_prefill_tokens_threshold": null}
                        """)
                                .statusCode())
                .isEqualTo(200);
        HttpResponse<String> set =
                post(
                        """
                        {"model": "manual", "active_prefill_tokens_threshold": 1000,
                         "active_prefill_tokens_threshold_frac": 1.5}
                        """);
        String all =
                """
                {"model":"manual","active_decode_blocks_threshold":0.85,\
                "active_prefill_tokens_threshold":1000,\
                "active_prefill_tokens_threshold_frac":1.5}\
                """;
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(set.body()).isEqualTo(all);
        assertThat(get(PATH).body()).isEqualTo("{\"thresholds\":[" + all + "]}");
    }

    @Test
    void whatIsSetHoldsForTheNextDecision() throws Exception {
        ask();
        Eventually.await().until(() -> engine.running().size() == 1);
        ask();
        Eventually.await().until(() -> engine.running().size() == 2);

        post("{\"model\":\"manual\",\"active_prefill_tokens_threshold\":0}");
        HttpResponse<String> refused = client.send(chat(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(refused.body()).contains("every worker is busy");
        assertThat(engine.running()).hasSize(2);

        post("{\"model\":\"manual\",\"active_prefill_tokens_threshold\":100000}");
        ask();
        Eventually.await().until(() -> engine.running().size() == 3);
    }

    @Test
    void theFractionIsOfTheLargestBatchThatTheWorkerAnnounced() throws Exception {
        post("{\"model\":\"manual\",\"active_prefill_tokens_threshold_frac\":0}");
        ask();
        Eventually.await().until(() -> engine.running().size() == 1);

        assertThat(client.send(chat(), BodyHandlers.ofString()).statusCode()).isEqualTo(429);
    }

    @Test
    void aModelNobodyKnowsIsReadAsUnsetAndNotSet() throws Exception {
        HttpResponse<String> read = post("{\"model\":\"other\"}");
        HttpResponse<String> set =
                post("{\"model\":\"other\",\"active_prefill_tokens_threshold\":5}");

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(NONE.replace("manual", "other"));
        assertThat(set.statusCode()).isEqualTo(404);
        assertThat(set.body()).startsWith("{\"error\":\"model 'other' is not known");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    decode_blocks_threshold       | 1.5  | 400 | must be between 0.0 and 1.0
                    prefill_tokens_threshold_frac | -0.5 | 400 | must not be negative
                    prefill_tokens_threshold      | -1   | 422 | must be in [0, 9223372036854775807]
                    prefill_tokens_threshold      | "9"  | 422 | must be a whole number
                    """)
    void aWrongValueIsRefusedByItsName(String name, String value, int status, String problem)
            throws Exception {
        HttpResponse<String> response =
                post("{\"model\": \"manual\", \"active_%s\": %s}".formatted(name, value));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error(response)).isEqualTo("'active_" + name + "' " + problem + ": " + value);
        assertThat(post("{\"model\":\"manual\"}").body()).isEqualTo(NONE);
    }

    @Test
    void withoutAModelThereIsNothingToSet() throws Exception {
        HttpResponse<String> response = post("{\"active_prefill_tokens_threshold\": 5}");

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(error(response)).isEqualTo("'model' must be a string, but is missing");
    }

    @Test
    void whatIsNoJsonIsRefused() throws Exception {
        assertThat(post("{\"model\":").statusCode()).isEqualTo(400);
        HttpRequest untyped =
                HttpRequest.newBuilder(uri(PATH))
                        .POST(BodyPublishers.ofString("{\"model\":\"manual\"}"))
                        .build();
        HttpResponse<String> response = client.send(untyped, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(response.body()).contains("application/json");
    }

    @Test
    void withoutTheAdminApiThereIsNoSuchPath() throws Exception {
        try (FrontendNode closed = node(false)) {
            URI at = URI.create("http://127.0.0.1:" + closed.address().getPort() + PATH);
            HttpRequest request = HttpRequest.newBuilder(at).build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
            HttpRequest set =
                    HttpRequest.newBuilder(at)
                            .header("content-type", "application/json")
                            .POST(BodyPublishers.ofString("{\"model\":\"manual\"}"))
                            .build();
            assertThat(client.send(set, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        }
    }

    private static String error(HttpResponse<String> response) {
        JsonField body = JsonField.root(Json.parse(response.body(), JsonLimits.REQUEST));
        return body.get("error").string();
    }

    /// Nobody waits for the answer.
    private void ask() {
        var _ = client.sendAsync(chat(), BodyHandlers.discarding());
    }

    private HttpRequest chat() {
        return json(
                "/v1/chat/completions",
                """
                {"model": "manual", "messages": [{"role": "user", "content": "hi"}]}
                """);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return client.send(json(PATH, body), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpRequest json(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("content-type", "application/json; charset=utf-8")
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + node.address().getPort() + path);
    }

    private FrontendNode node(boolean isAdministered) throws IOException {
        var http =
                FrontendConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withAdministered(isAdministered);
        var fleets =
                new Fleets.Settings(
                        RouterConfig.DEFAULT.withMode(RoutingMode.LEAST_LOADED),
                        AdmissionConfig.OFF,
                        CacheKnowledge.DEFAULT,
                        false);
        return new FrontendNode(
                planes, new FrontendNode.Settings(http, "test", "test", fleets), _ -> chatModel());
    }

    private static ChatModel chatModel() {
        var defaults =
                new GenerationDefaults(
                        List.of(ByteTokenizer.END),
                        OptionalInt.empty(),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty());
        return new ChatModel(
                new ModelReference.Demo(),
                defaults,
                new ByteTokenizer(),
                request -> request.messages().getFirst().content().orElse(""),
                false);
    }
}
