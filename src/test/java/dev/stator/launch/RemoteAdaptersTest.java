package dev.stator.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.kvevents.KvEventsConfig;
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
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.admission.AdmissionConfig;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// A worker before a server with an OpenAI API, which here is Stator with a simulated engine and
/// its adapter `sql`. The worker is told that the server has `sql` and `law`. Workers take turns.
class RemoteAdaptersTest {
    private static final String PROMPT = "Once upon a time there was a library. ".repeat(8);
    private static final EngineConfig SIMULATED =
            new EngineConfig.Simulated(0, OptionalInt.empty(), OptionalInt.empty());

    private final ChatModel model = ChatModel.open(new ModelReference.Demo());
    private final HttpClient client = HttpClient.newHttpClient();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Planes planes = Planes.inProcess();
    private FrontendNode server;
    private FrontendNode frontend;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        Planes behind = Planes.inProcess();
        server = frontend(behind);
        worker(behind, 1, SIMULATED, Set.of("sql"));
        server.awaitModel("demo", 1);

        frontend = frontend(planes);
        var remote =
                new EngineConfig.Remote(
                        "http://127.0.0.1:" + server.address().getPort(),
                        Optional.of("text"),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty());
        worker(planes, 1, remote, Set.of("sql", "law"));
        frontend.awaitModel("demo", 1);
    }

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        client.close();
    }

    @Test
    void theServerIsAskedForTheAdapterByItsName() throws Exception {
        String said = text(complete(frontend, "sql"));

        assertThat(said).isEqualTo(text(complete(server, "sql")));
        assertThat(text(complete(frontend, "demo")))
                .isEqualTo(text(complete(server, "demo")))
                .isNotEqualTo(said);
    }

    @Test
    void whatTheServerCachedForAnAdapterIsTold() throws Exception {
        complete(frontend, "sql");

        assertThat(cached(complete(frontend, "sql"))).isPositive();
        assertThat(cached(complete(frontend, "demo"))).isZero();
    }

    @Test
    void anAdapterThatTheServerDoesNotHaveIsNoFaultOfTheClient() throws Exception {
        HttpResponse<String> refused = post(frontend, "law");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body()).contains("the engine answered 404", "'law' does not exist");
    }

    @Test
    void whatOneServerDoesNotHaveIsAskedOfAnotherWorker() throws Exception {
        worker(planes, 2, SIMULATED, Set.of("law"));
        frontend.awaitModel("demo", 2);

        for (int i = 0; i < 8; i++) {
            complete(frontend, "law");
        }
    }

    private FrontendNode frontend(Planes at) throws IOException {
        var fleets =
                new Fleets.Settings(
                        RouterConfig.DEFAULT.withMode(RoutingMode.ROUND_ROBIN),
                        AdmissionConfig.OFF,
                        CacheKnowledge.DEFAULT,
                        false);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        opened.push(at);
        var node =
                new FrontendNode(
                        at,
                        new FrontendNode.Settings(
                                FrontendConfig.on(address), "test", "dynamo", fleets),
                        _ -> model);
        opened.push(node);
        return node;
    }

    private void worker(Planes at, long id, EngineConfig engine, Set<String> adapters)
            throws IOException, InterruptedException {
        EngineRoom room =
                EngineRoom.of(
                        new EngineSetup(
                                new ModelReference.Demo(),
                                Optional.empty(),
                                16,
                                engine,
                                1,
                                1,
                                KvEventsConfig.DISABLED),
                        model);
        opened.push(room);
        var settings =
                new WorkerNode.Settings(
                        WorkerProtocol.in("dynamo"),
                        id,
                        true,
                        false,
                        Optional.empty(),
                        Worker.Kind.adapted(adapters));
        opened.push(new WorkerNode(at, settings, room));
    }

    /// The answer to a request that must be served.
    private JsonField complete(FrontendNode at, String name) throws Exception {
        HttpResponse<String> response = post(at, name);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonField.root(Json.parse(response.body(), JsonLimits.REQUEST));
    }

    private HttpResponse<String> post(FrontendNode at, String name) throws Exception {
        String body =
                """
                {"model": "%s", "prompt": "%s", "seed": 7, "max_tokens": 8}\
                """
                        .formatted(name, PROMPT);
        URI uri = URI.create("http://127.0.0.1:" + at.address().getPort() + "/v1/completions");
        var request =
                HttpRequest.newBuilder(uri)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String text(JsonField answer) {
        return answer.get("choices").items().getFirst().get("text").string();
    }

    private static int cached(JsonField answer) {
        return answer.get("usage")
                .get("prompt_tokens_details")
                .get("cached_tokens")
                .integer(0, Integer.MAX_VALUE);
    }
}
