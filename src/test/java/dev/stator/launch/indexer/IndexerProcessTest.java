package dev.stator.launch.indexer;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RawHttp;
import dev.stator.testing.RawHttp.Answer;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The index as its clients and the engines see it.
class IndexerProcessTest {
    private static final int BLOCK_SIZE = 4;
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    private static final int[] BEGINNING = {1, 2, 3, 4, 99};
    private static final int[] OTHER = {50, 51, 52, 53};

    private final List<PublishingEngine> engines = new ArrayList<>();
    private IndexerProcess indexer;

    @BeforeEach
    void start() throws IOException {
        indexer = IndexerProcess.open(anyPort(), List.of());
    }

    @AfterEach
    void stop() {
        indexer.close();
        engines.forEach(PublishingEngine::close);
    }

    @Test
    void saysHowManyTokensEachRankHolds() throws IOException {
        registered(1, 0).store(PROMPT);
        registered(1, 2).store(BEGINNING);
        registered(2, 0).store(OTHER);
        awaitScore("m", OTHER, "2", "0", 4);
        awaitScore("m", PROMPT, "1", "0", 12);
        awaitScore("m", PROMPT, "1", "2", 4);

        assertThat(Json.parse(query("m", PROMPT).body(), JsonLimits.REQUEST))
                .isEqualTo(
                        Json.parse(
                                """
                                {"scores": {"1": {"0": 12, "2": 4}, "2": {"0": 0}},
                                 "frequencies": [2, 1, 1],
                                 "instances": {
                                   "1": {"longest_matched": 12, "gpu": 12,
                                         "dp": {"0": 12, "2": 4}, "cpu": 12, "disk": 12},
                                   "2": {"longest_matched": 0, "gpu": 0,
                                         "dp": {"0": 0}, "cpu": 0, "disk": 0}}}
                                """,
                                JsonLimits.REQUEST));
    }

    @Test
    void whatAnEngineDropsIsNoLongerFound() throws IOException {
        PublishingEngine engine = registered(1, 0);
        engine.store(PROMPT);
        awaitScore("m", PROMPT, "1", "0", 12);
        engine.clear();

        awaitScore("m", PROMPT, "1", "0", 0);
    }

    @Test
    void hashesFindWhatTokensFindWithAndWithoutASign() throws IOException {
        registered(1, 0).store(PROMPT);
        awaitScore("m", PROMPT, "1", "0", 12);
        TokenBlocks blocks =
                new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED).hash(TokenIds.of(PROMPT));
        for (String hashes : List.of(hashes(blocks, true), hashes(blocks, false))) {
            Answer answer =
                    post(
                            "/query_by_hash",
                            "{\"model_name\": \"m\", \"cache_salt\": null, \"block_hashes\": ["
                                    + hashes
                                    + "]}");

            assertThat(answer.body()).isEqualTo(query("m", PROMPT).body());
        }
    }

    @Test
    void saltsAndAdaptersKeepEqualTokensApart() throws IOException {
        PublishingEngine engine =
                PublishingEngine.with(BLOCK_SIZE, new CacheNamespace("adapter", "salt"));
        register(engine, 1, 0, "\"model_name\": \"m\"");
        engine.awaitFollower().store(PROMPT);
        String own = ", \"lora_name\": \"adapter\", \"cache_salt\": \"salt\"";
        await().untilAsserted(
                        () -> assertThat(score(query("m", PROMPT, own), "1", "0")).isEqualTo(12));

        assertThat(score(query("m", PROMPT), "1", "0")).isZero();
        assertThat(score(query("m", PROMPT, ", \"cache_salt\": \"other\""), "1", "0")).isZero();
    }

    @Test
    void modelsAndGroupsNeverAnswerForEachOther() throws IOException {
        PublishingEngine first = engine();
        PublishingEngine second = engine();
        PublishingEngine third = engine();
        register(first, 1, 0, "\"model_name\": \"m\"");
        register(second, 1, 0, "\"model_name\": \"other\"");
        register(third, 1, 0, "\"model_name\": \"m\", \"tenant_id\": \"group\"");
        first.awaitFollower().store(PROMPT);
        second.awaitFollower().store(BEGINNING);
        third.awaitFollower().store(OTHER);
        awaitScore("m", PROMPT, "1", "0", 12);
        awaitScore("other", PROMPT, "1", "0", 4);
        String inGroup = ", \"routing_group\": \"group\", \"tenant_id\": \"default\"";
        await().untilAsserted(
                        () -> assertThat(score(query("m", OTHER, inGroup), "1", "0")).isEqualTo(4));

        assertThat(score(query("m", PROMPT, inGroup), "1", "0")).isZero();
        assertThat(score(query("m", OTHER), "1", "0")).isZero();
        assertThat(get("/workers?model_name=m").body()).doesNotContain("\"other\"");
        assertThat(array(get("/workers?model_name=m"))).hasSize(2);
        assertThat(array(get("/workers?routing_group=group"))).hasSize(1);
        assertThat(array(get("/workers?model_name=nobody"))).isEmpty();
    }

    @Test
    void anUnregisteredRankIsForgottenAndTheOthersStay() throws IOException {
        registered(1, 0).store(PROMPT);
        registered(1, 1).store(PROMPT);
        registered(2, 0).store(PROMPT);
        awaitScore("m", PROMPT, "1", "1", 12);
        awaitScore("m", PROMPT, "1", "0", 12);
        awaitScore("m", PROMPT, "2", "0", 12);

        assertThat(unregister("\"instance_id\": 1, \"dp_rank\": 1").status()).isEqualTo(200);
        assertThat(root(query("m", PROMPT)).get("scores").get("1").members()).containsOnlyKeys("0");
        assertThat(unregister("\"instance_id\": 1, \"dp_rank\": 1").status()).isEqualTo(404);
        assertThat(unregister("\"instance_id\": 1").status()).isEqualTo(200);
        assertThat(root(query("m", PROMPT)).get("scores").members()).containsOnlyKeys("2");
        assertThat(get("/metrics").body()).contains("dynamo_kvindexer_blocks 3.0");
        assertThat(unregister("\"instance_id\": 2").status()).isEqualTo(200);
        assertThat(query("m", PROMPT).status()).isEqualTo(404);
        assertThat(get("/workers").body()).isEqualTo("[]");
    }

    @Test
    void whoRegistersAgainAfterUnregisteringStartsFromNothing() throws IOException {
        PublishingEngine engine = registered(1, 0);
        engine.store(PROMPT);
        awaitScore("m", PROMPT, "1", "0", 12);
        unregister("\"instance_id\": 1");
        register(engine, 1, 0, "\"model_name\": \"m\"");

        assertThat(score(query("m", PROMPT), "1", "0")).isZero();
    }

    @Test
    void theDumpHoldsTheEventsThatWouldBuildTheIndex() throws IOException {
        registered(7, 3).store(PROMPT);
        awaitScore("m", PROMPT, "7", "3", 12);
        TokenBlocks blocks =
                new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED).hash(TokenIds.of(PROMPT));
        JsonField dump = root(get("/dump")).get("m:default");

        assertThat(dump.get("block_size").integer(0, 99)).isEqualTo(BLOCK_SIZE);
        JsonField event = dump.get("events").items().getFirst();
        assertThat(event.get("worker_id").integer(0, 99)).isEqualTo(7);
        assertThat(event.get("event").get("dp_rank").integer(0, 99)).isEqualTo(3);
        JsonField stored = event.get("event").get("data").get("stored");
        assertThat(stored.get("parent_hash").isPresent()).isFalse();
        assertThat(stored.get("blocks").items())
                .extracting(it -> it.get("tokens_hash").unsignedLong())
                .containsExactly(blocks.blockHash(0), blocks.blockHash(1), blocks.blockHash(2));
        assertThat(root(get("/dump?model_name=other")).members()).isEmpty();
    }

    @Test
    void anEngineMayComeAfterItsRegistration() throws IOException {
        int port = freePort();
        assertThat(register("tcp://127.0.0.1:" + port, "\"instance_id\": 1").status())
                .isEqualTo(201);
        assertThat(status()).isEqualTo("pending");
        PublishingEngine engine = PublishingEngine.at(port, BLOCK_SIZE);
        engines.add(engine);
        engine.awaitFollower().store(PROMPT);

        awaitScore("m", PROMPT, "1", "0", 12);
        assertThat(status()).isEqualTo("active");
    }

    @Test
    void whoRegistersLateLearnsWhatTheEngineKeepsForReplay() throws IOException {
        PublishingEngine engine = engine();
        engine.store(PROMPT);
        String replay = ", \"replay_endpoint\": \"" + engine.replayEndpoint() + "\"";
        register(engine.endpoint(), "\"instance_id\": 1" + replay);
        engine.awaitFollower().store(OTHER);

        awaitScore("m", PROMPT, "1", "0", 12);
    }

    @Test
    void anEngineWithOtherBlocksIsNamedInTheListOfWorkers() throws IOException {
        PublishingEngine engine = PublishingEngine.withBlocksOf(2 * BLOCK_SIZE);
        engines.add(engine);
        register(engine, 1, 0, "\"model_name\": \"m\"");
        engine.awaitFollower().store(PROMPT);

        await().untilAsserted(
                        () ->
                                assertThat(get("/workers").body())
                                        .contains("stores blocks of 8 tokens, not of 4"));
        assertThat(score(query("m", PROMPT), "1", "0")).isZero();
    }

    @Test
    void contradictingRegistrationsAreRefused() throws IOException {
        String endpoint = "tcp://127.0.0.1:" + freePort();
        String same = "\"instance_id\": 1";
        register(endpoint, same);

        assertThat(register(endpoint, same).status()).as("the same again").isEqualTo(201);
        assertRefused(
                register("tcp://127.0.0.1:1", same), 409, "'endpoint' differs", "127.0.0.1:1");
        assertRefused(
                post(
                        "/register",
                        """
                        {"instance_id": 2, "endpoint": "%s", "model_name": "m", "block_size": 16}
                        """
                                .formatted(endpoint)),
                400,
                "'block_size' must be 4",
                "16");
        assertThat(array(get("/workers"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    register | {                                            | 400 | line 1
                    register | []                                           | 400 | an object
                    register | {"instance_id": 1}                           | 400 | 'model_name'
                    register | {"model_name": ""}                           | 400 | model_name
                    register | {"model_name": 5}                            | 400 | 'model_name'
                    register | {"model_name": "m", "routing_group": "a:b"}  | 400 | "a:b"
                    register | {"model_name": "m"}                          | 400 | 'instance_id'
                    register | {"model_name": "m", "instance_id": -1}       | 400 | -1
                    register | {"model_name": "m", "instance_id": 1, "dp_rank": -2} | 400 | -2
                    register | {"model_name": "m", "instance_id": 1, "block_size": 0} | 400 | 0
                    query    | {"token_ids": [1]}                           | 400 | 'model_name'
                    query    | {"model_name": "nobody", "token_ids": [1]}   | 404 | nobody
                    query    | {"model_name": "m"}                          | 400 | 'token_ids'
                    query    | {"model_name": "m", "token_ids": [1, -2]}    | 400 | token_ids[1]
                    query_by_hash | {"model_name": "m"}                     | 400 | 'block_hashes'
                    query_by_hash | {"model_name": "m", "block_hashes": ["x"]} | 400 | "x"
                    query_by_hash | {"model_name": "m", "cache_salt": "s"}  | 400 | 'cache_salt'
                    unregister | {"model_name": "m", "instance_id": 99}     | 404 | 99
                    unregister | {"model_name": "x", "instance_id": 1}      | 404 | 1
                    unregister | {"model_name": "m"}                        | 400 | 'instance_id'
                    nowhere  | {}                                           | 404 | nowhere
                    """)
    void wrongInputIsRefusedByFieldAndValue(String path, String body, int status, String expected)
            throws IOException {
        register("tcp://127.0.0.1:" + freePort(), "\"instance_id\": 1");

        assertRefused(post("/" + path, body), status, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://*:5557",
        "tcp://host:0",
        "tcp://host",
        "http://host:80",
        "inproc://here",
        "''"
    })
    void anEndpointThatCannotBeReachedIsRefused(String endpoint) throws IOException {
        assertRefused(
                register(endpoint, "\"instance_id\": 1"), 400, "'endpoint'", '"' + endpoint + '"');
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws IOException {
        assertRefused(post("/query", " ".repeat((8 << 20) + 1)), 413, "");
    }

    @Test
    void metricsCountWhatHappened() throws IOException {
        registered(1, 0).store(PROMPT);
        awaitScore("m", PROMPT, "1", "0", 12);
        post("/unregister", "{}");

        assertThat(get("/metrics").body())
                .contains(
                        "dynamo_kvindexer_models 1.0",
                        "dynamo_kvindexer_workers 1.0",
                        "dynamo_kvindexer_listeners{status=\"active\"} 1.0",
                        "dynamo_kvindexer_listeners{status=\"pending\"} 0.0",
                        "dynamo_kvindexer_requests_total{endpoint=\"/register\",method=\"POST\"}",
                        "dynamo_kvindexer_request_duration_seconds_count{endpoint=\"/query\"}",
                        "dynamo_kvindexer_errors_total{endpoint=\"/unregister\"",
                        "dynamo_kvrouter_kv_cache_events_applied_total{event_type=\"stored\"");
        assertThat(get("/health").status()).isEqualTo(200);
    }

    @Test
    void noMoreRanksThanTheLimitAreFollowed() {
        try (var registry = new IndexRegistry(new IndexerMetrics(), 1)) {
            var key = new IndexKey("m", IndexKey.DEFAULT_GROUP);
            registry.register(Registration.parse("1=tcp://127.0.0.1:1", key, BLOCK_SIZE));

            assertThatThrownBy(
                            () ->
                                    registry.register(
                                            Registration.parse(
                                                    "2=tcp://127.0.0.1:1", key, BLOCK_SIZE)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("1 ranks");
        }
    }

    private PublishingEngine engine() {
        PublishingEngine engine = PublishingEngine.withBlocksOf(BLOCK_SIZE);
        engines.add(engine);
        return engine;
    }

    /// An engine of model `m` that is followed.
    private PublishingEngine registered(int instance, int rank) throws IOException {
        PublishingEngine engine = engine();
        register(engine, instance, rank, "\"model_name\": \"m\"");
        return engine.awaitFollower();
    }

    private void register(PublishingEngine engine, int instance, int rank, String key)
            throws IOException {
        Answer answer =
                post(
                        "/register",
                        """
                        {"instance_id": %d, "dp_rank": %d, "endpoint": "%s", "block_size": 4, %s}
                        """
                                .formatted(instance, rank, engine.endpoint(), key));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private Answer register(String endpoint, String members) throws IOException {
        return post(
                "/register",
                """
                {"endpoint": "%s", "model_name": "m", "block_size": 4, %s}
                """
                        .formatted(endpoint, members));
    }

    private Answer unregister(String members) throws IOException {
        return post("/unregister", "{\"model_name\": \"m\", " + members + "}");
    }

    private Answer query(String model, int[] prompt) throws IOException {
        return query(model, prompt, "");
    }

    private Answer query(String model, int[] prompt, String more) throws IOException {
        return post(
                "/query",
                """
                {"model_name": "%s", "token_ids": %s%s}
                """
                        .formatted(model, Arrays.toString(prompt), more));
    }

    private void awaitScore(String model, int[] prompt, String instance, String rank, int tokens) {
        await().untilAsserted(
                        () ->
                                assertThat(score(query(model, prompt), instance, rank))
                                        .isEqualTo(tokens));
    }

    private static int score(Answer answer, String instance, String rank) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return root(answer).get("scores").get(instance).get(rank).integer(0, Integer.MAX_VALUE);
    }

    private String status() throws IOException {
        return array(get("/workers")).getFirst().get("status").string();
    }

    private static String hashes(TokenBlocks blocks, boolean isUnsigned) {
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < blocks.count(); i++) {
            long hash = blocks.blockHash(i);
            hashes.add(isUnsigned ? Long.toUnsignedString(hash) : Long.toString(hash));
        }
        return String.join(",", hashes);
    }

    private static void assertRefused(Answer answer, int status, String... parts) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(root(answer).members()).containsOnlyKeys("error");
        assertThat(root(answer).get("error").string()).contains(parts);
    }

    private static List<JsonField> array(Answer answer) {
        return root(answer).items();
    }

    private static JsonField root(Answer answer) {
        return JsonField.root(Json.parse(answer.body(), JsonLimits.REQUEST));
    }

    private Answer post(String path, String json) throws IOException {
        try (RawHttp client = RawHttp.connect(indexer.address().getPort())) {
            return client.post(path, json).read();
        }
    }

    private Answer get(String target) throws IOException {
        try (RawHttp client = RawHttp.connect(indexer.address().getPort())) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").read();
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
