package dev.stator.launch.indexer;

import static dev.stator.launch.indexer.ServedIndex.root;
import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.StorageTier;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.RawHttp.Answer;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
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
    private ServedIndex index;

    @BeforeEach
    void start() throws IOException {
        index = new ServedIndex();
    }

    @AfterEach
    void stop() {
        index.close();
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
    void saysHowFarEachTierReaches() throws IOException {
        PublishingEngine engine = registered(1, 0);
        engine.hold(StorageTier.DEVICE, 1, PROMPT);
        engine.hold(StorageTier.HOST, 2, PROMPT);
        engine.hold(StorageTier.DISK, 3, PROMPT);
        engine.hold(StorageTier.DISK, 1, OTHER);
        awaitReach(OTHER, "disk", 4);

        assertThat(Json.parse(query("m", PROMPT).body(), JsonLimits.REQUEST))
                .isEqualTo(
                        Json.parse(
                                """
                                {"scores": {"1": {"0": 4}},
                                 "frequencies": [1],
                                 "instances": {
                                   "1": {"longest_matched": 12, "gpu": 4,
                                         "dp": {"0": 4}, "cpu": 8, "disk": 12}}}
                                """,
                                JsonLimits.REQUEST));
    }

    @Test
    void aTierOfOneRankIsNotLostBesideALongerOneOfAnother() throws IOException {
        registered(1, 0).hold(StorageTier.HOST, 3, PROMPT);
        registered(1, 1).hold(StorageTier.DEVICE, 2, PROMPT);
        awaitReach(PROMPT, "cpu", 12);
        awaitReach(PROMPT, "gpu", 8);

        assertThat(score(query("m", PROMPT), "1", "0")).isZero();
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
                    index.post(
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
        assertThat(index.get("/workers?model_name=m").body()).doesNotContain("\"other\"");
        assertThat(root(index.get("/workers?model_name=m")).items()).hasSize(2);
        assertThat(root(index.get("/workers?routing_group=group")).items()).hasSize(1);
        assertThat(root(index.get("/workers?model_name=nobody")).items()).isEmpty();
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
        assertThat(index.get("/metrics").body()).contains("dynamo_kvindexer_blocks 3.0");
        assertThat(unregister("\"instance_id\": 2").status()).isEqualTo(200);
        assertThat(query("m", PROMPT).status()).isEqualTo(404);
        assertThat(index.get("/workers").body()).isEqualTo("[]");
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
        JsonField dump = root(index.get("/dump")).get("m:default");

        assertThat(dump.get("block_size").integer(0, 99)).isEqualTo(BLOCK_SIZE);
        JsonField event = dump.get("events").items().getFirst();
        assertThat(event.get("worker_id").integer(0, 99)).isEqualTo(7);
        assertThat(event.get("event").get("dp_rank").integer(0, 99)).isEqualTo(3);
        JsonField stored = event.get("event").get("data").get("stored");
        assertThat(stored.get("parent_hash").isPresent()).isFalse();
        assertThat(stored.get("blocks").items())
                .extracting(it -> it.get("tokens_hash").unsignedLong())
                .containsExactly(blocks.blockHash(0), blocks.blockHash(1), blocks.blockHash(2));
        assertThat(root(index.get("/dump?model_name=other")).members()).isEmpty();
    }

    @Test
    void anEngineMayComeAfterItsRegistration() throws IOException {
        int port = ServedIndex.freePort();
        assertThat(index.register("tcp://127.0.0.1:" + port, "\"instance_id\": 1").status())
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
        index.register(engine.endpoint(), "\"instance_id\": 1" + replay);
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
                                assertThat(index.get("/workers").body())
                                        .contains("stores blocks of 8 tokens, not of 4"));
        assertThat(score(query("m", PROMPT), "1", "0")).isZero();
    }

    @Test
    void metricsCountWhatHappened() throws IOException {
        registered(1, 0).store(PROMPT);
        awaitScore("m", PROMPT, "1", "0", 12);
        index.post("/unregister", "{}");

        assertThat(index.get("/metrics").body())
                .contains(
                        "dynamo_kvindexer_models 1.0",
                        "dynamo_kvindexer_workers 1.0",
                        "dynamo_kvindexer_listeners{status=\"active\"} 1.0",
                        "dynamo_kvindexer_listeners{status=\"pending\"} 0.0",
                        "dynamo_kvindexer_requests_total{endpoint=\"/register\",method=\"POST\"}",
                        "dynamo_kvindexer_request_duration_seconds_count{endpoint=\"/query\"}",
                        "dynamo_kvindexer_errors_total{endpoint=\"/unregister\"",
                        "dynamo_kvrouter_kv_cache_events_applied_total{event_type=\"stored\"");
        assertThat(index.get("/health").status()).isEqualTo(200);
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
                index.post(
                        "/register",
                        """
                        {"instance_id": %d, "dp_rank": %d, "endpoint": "%s", "block_size": 4, %s}
                        """
                                .formatted(instance, rank, engine.endpoint(), key));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private Answer unregister(String members) throws IOException {
        return index.post("/unregister", "{\"model_name\": \"m\", " + members + "}");
    }

    private Answer query(String model, int[] prompt) throws IOException {
        return query(model, prompt, "");
    }

    private Answer query(String model, int[] prompt, String more) throws IOException {
        return index.post(
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

    /// Waits until instance 1 reaches so far with the tiers down to this one.
    private void awaitReach(int[] prompt, String tier, int tokens) {
        await().untilAsserted(
                        () -> {
                            JsonField instances = root(query("m", prompt)).get("instances");
                            assertThat(instances.get("1").get(tier).integer(0, 100))
                                    .isEqualTo(tokens);
                        });
    }

    private static int score(Answer answer, String instance, String rank) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return root(answer).get("scores").get(instance).get(rank).integer(0, Integer.MAX_VALUE);
    }

    private String status() throws IOException {
        return root(index.get("/workers")).items().getFirst().get("status").string();
    }

    private static String hashes(TokenBlocks blocks, boolean isUnsigned) {
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < blocks.count(); i++) {
            long hash = blocks.blockHash(i);
            hashes.add(isUnsigned ? Long.toUnsignedString(hash) : Long.toString(hash));
        }
        return String.join(",", hashes);
    }
}
