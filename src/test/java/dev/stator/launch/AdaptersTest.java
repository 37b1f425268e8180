package dev.stator.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.frontend.FrontendConfig;
import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.engines.EngineConfig;
import dev.stator.launch.engines.EngineRoom;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.launch.fleet.CacheKnowledge;
import dev.stator.launch.fleet.Fleets;
import dev.stator.launch.fleet.FrontendNode;
import dev.stator.launch.planes.Planes;
import dev.stator.model.ModelReference;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.replay.load.ledger.SimulationFinder;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.tokens.TokenIds;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A frontend and two simulated workers, of which the second has the adapter `sql`.
class AdaptersTest {
    private static final int OUTPUT_TOKENS = 96;
    private static final long SEED = 9;
    private static final TokenIds PROMPT = TokenIds.of(IntStream.range(300, 364).toArray());
    private static final TokenIds OTHER = TokenIds.of(IntStream.range(400, 464).toArray());

    private final Planes planes = Planes.inProcess();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ChatModel model = ChatModel.open(new ModelReference.Demo());
    private final EngineRoom engines =
            EngineRoom.of(
                    new EngineSetup(
                            new ModelReference.Demo(),
                            Optional.empty(),
                            16,
                            new EngineConfig.Simulated(0, OptionalInt.empty(), OptionalInt.empty()),
                            1,
                            1,
                            KvEventsConfig.DISABLED),
                    model);
    private FrontendNode frontend;
    private WorkerNode plain;
    private WorkerNode adapted;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        var fleets =
                new Fleets.Settings(
                        RouterConfig.DEFAULT, AdmissionConfig.OFF, CacheKnowledge.DEFAULT, false);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        frontend =
                new FrontendNode(
                        planes,
                        new FrontendNode.Settings(
                                FrontendConfig.on(address), "test", "dynamo", fleets),
                        _ -> model);
        plain = worker(1, Set.of());
        adapted = worker(2, Set.of("sql"));
        frontend.awaitModel("demo", 2);
    }

    @AfterEach
    void close() {
        frontend.close();
        plain.close();
        adapted.close();
        engines.close();
        planes.close();
        client.close();
    }

    @Test
    void anAdapterIsAModelOfItsOwnThatNamesItsParent() throws Exception {
        List<JsonField> models = parse(get("/v1/models").body()).get("data").items();

        assertThat(models).extracting(it -> it.get("id").string()).containsExactly("demo", "sql");
        assertThat(models.getFirst().get("parent").isPresent()).isFalse();
        assertThat(models.getLast().get("parent").string()).isEqualTo("demo");
        assertThat(get("/v1/models/sql").body()).contains("\"parent\":\"demo\"");
    }

    @Test
    void requestsForAnAdapterGoOnlyToTheWorkerThatHasIt() {
        plain.worker().load("law");

        assertThat(workersOf("sql")).containsExactly(2L);
        assertThat(workersOf("law")).containsExactly(1L);
    }

    private Set<Long> workersOf(String name) {
        return IntStream.range(0, 8)
                .mapToObj(it -> worker(complete(name, prompt(it))))
                .collect(Collectors.toSet());
    }

    @Test
    void whatAnAdapterSaysIsNotWhatTheModelSays() {
        TokenIds said = output(complete("demo", PROMPT));
        TokenRange range = SimulationFinder.find("", PROMPT, SEED, said).orElseThrow().range();

        assertThat(output(complete("sql", PROMPT)))
                .isEqualTo(take(new SelfVerifyingTokens(PROMPT, SEED, "sql", range)))
                .isNotEqualTo(said);
        assertThat(said).isEqualTo(take(new SelfVerifyingTokens(PROMPT, SEED, range)));
    }

    @Test
    void theBlocksOfAnAdapterAreNotThoseOfTheModel() {
        complete("sql", PROMPT);

        assertThat(cached(complete("sql", PROMPT))).isPositive();
        assertThat(cached(complete("demo", PROMPT))).isZero();
    }

    @Test
    void whatNobodyHasLoadedIsNoModel() throws Exception {
        assertThat(post("law", PROMPT))
                .returns(404, HttpResponse::statusCode)
                .satisfies(it -> assertThat(it.body()).contains("model_not_found", "law"));
        assertThat(get("/v1/models/law").statusCode()).isEqualTo(404);
    }

    @Test
    void anAdapterIsServedFromTheMomentItIsLoadedUntilItIsUnloaded() throws Exception {
        assertThat(plain.worker().load("law")).isTrue();
        assertThat(plain.worker().load("law")).isFalse();
        assertThat(worker(complete("law", PROMPT))).isEqualTo(1);

        assertThat(plain.worker().unload("law")).isTrue();
        assertThat(plain.worker().unload("law")).isFalse();
        assertThat(post("law", OTHER).statusCode()).isEqualTo(404);
        assertThat(worker(complete("sql", OTHER))).isEqualTo(2);
    }

    @Test
    void aWorkerThatLeavesTakesItsAdaptersWithIt() throws Exception {
        adapted.close();

        assertThat(post("sql", PROMPT).statusCode()).isEqualTo(404);
        assertThat(get("/v1/models").body()).contains("demo").doesNotContain("sql");
        assertThat(worker(complete("demo", PROMPT))).isEqualTo(1);
    }

    @Test
    void adaptersAreLoadedAndUnloadedOverTheSystemPort() throws Exception {
        try (var system = new SystemServer(0, () -> List.of(plain), _ -> {})) {
            URI loras = URI.create("http://127.0.0.1:" + system.address().getPort() + "/v1/loras");
            String law = "{\"lora_name\":\"law\",\"source\":{\"uri\":\"file:///law\"}}";
            var load = HttpRequest.newBuilder(loras).POST(BodyPublishers.ofString(law)).build();
            assertThat(send(load).statusCode()).isEqualTo(200);
            assertThat(send(load).body()).contains("was loaded already");
            assertThat(worker(complete("law", PROMPT))).isEqualTo(1);
            assertThat(send(HttpRequest.newBuilder(loras).build()).body())
                    .isEqualTo("{\"status\":\"success\",\"loras\":[\"law\"],\"count\":1}");

            URI one = URI.create(loras + "/law");
            assertThat(send(HttpRequest.newBuilder(one).DELETE().build()).statusCode())
                    .isEqualTo(200);
            assertThat(send(HttpRequest.newBuilder(one).DELETE().build()).statusCode())
                    .isEqualTo(404);
            assertThat(post("law", PROMPT).statusCode()).isEqualTo(404);
            var nameless = HttpRequest.newBuilder(loras).POST(BodyPublishers.ofString("{}"));
            assertThat(send(nameless.build()))
                    .returns(400, HttpResponse::statusCode)
                    .satisfies(it -> assertThat(it.body()).contains("lora_name"));
        }
    }

    private WorkerNode worker(long id, Set<String> adapters)
            throws IOException, InterruptedException {
        var settings =
                new WorkerNode.Settings(
                        WorkerProtocol.in("dynamo"),
                        id,
                        true,
                        false,
                        Optional.empty(),
                        Worker.Kind.adapted(adapters));
        return new WorkerNode(planes, settings, engines);
    }

    private static TokenIds prompt(int number) {
        return TokenIds.of(IntStream.range(500 + 64 * number, 564 + 64 * number).toArray());
    }

    /// The answer to a request that must be served.
    private JsonField complete(String name, TokenIds prompt) {
        try {
            HttpResponse<String> response = post(name, prompt);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return parse(response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> post(String name, TokenIds prompt)
            throws IOException, InterruptedException {
        String body =
                """
                {"model": "%s", "prompt": %s, "seed": %d, "max_tokens": %d, "ignore_eos": true,
                 "return_token_ids": true, "nvext": {"extra_fields": ["worker_id"]}}
                """
                        .formatted(name, Arrays.toString(prompt.toArray()), SEED, OUTPUT_TOKENS);
        return send(
                HttpRequest.newBuilder(uri("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + frontend.address().getPort() + path);
    }

    private static TokenIds output(JsonField answer) {
        return TokenIds.of(
                answer.get("choices").items().getFirst().get("token_ids").items().stream()
                        .mapToInt(it -> it.integer(0, Integer.MAX_VALUE))
                        .toArray());
    }

    private static TokenIds take(SelfVerifyingTokens tokens) {
        return TokenIds.of(IntStream.range(0, OUTPUT_TOKENS).map(_ -> tokens.next()).toArray());
    }

    private static int cached(JsonField answer) {
        return answer.get("usage")
                .get("prompt_tokens_details")
                .get("cached_tokens")
                .integer(0, Integer.MAX_VALUE);
    }

    private static long worker(JsonField answer) {
        return answer.get("nvext").get("worker_id").get("decode_worker_id").unsignedLong();
    }

    private static JsonField parse(String json) {
        return JsonField.root(Json.parse(json, JsonLimits.REQUEST));
    }
}
