package dev.stator.launch.fleet;

import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.ManualEngine;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.launch.planes.Planes;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.live.RouterService;
import dev.stator.routing.wire.RouterAnswer;
import dev.stator.routing.wire.RouterQuestion.OverlapScores;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What routers know of a worker that holds more than their index may, and what they show of it.
class IndexLimitTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final WorkerId WORKER = new WorkerId(1);
    private static final long LIMIT_BYTES = PackedPrefixIndex.BYTES_MAX_LEAST;
    private static final int PROMPTS = 1_200;
    private static final int PROMPT_BLOCKS = 64;
    private static final int KEPT = 200;

    private final Planes planes = Planes.inProcess();
    private final Metrics metrics = Metrics.withPrefix("test");
    private final KvEventPublisher publisher =
            new KvEventPublisher(
                    new KvEventSource(WORKER, 7), PROTOCOL.kvEvents(), planes.events());
    private final Worker worker =
            Worker.open(
                    PROTOCOL,
                    new ManualEngine("worker", publisher),
                    List.of(publisher),
                    new Worker.Planes(planes.discovery(), planes.requests()),
                    Duration.ZERO);
    private final Fleets fleets =
            new Fleets(
                    planes,
                    new Fleets.Settings(
                            RouterConfig.DEFAULT,
                            AdmissionConfig.OFF,
                            new CacheKnowledge.ByEvents(Optional.empty(), LIMIT_BYTES),
                            false),
                    _ -> true,
                    (_, _) -> {},
                    Observers.none());
    private final RouterService router = new RouterService(fleets::router, System::nanoTime);

    @BeforeEach
    void store() {
        FleetMetrics.show(fleets, metrics);
        await().until(() -> gauge("kv_cache_event_repairs") == 1);
        for (int i = 0; i < PROMPTS; i++) {
            TokenIds prompt = prompt(i, PROMPT_BLOCKS);
            publisher.onEvent(stored(prompt, 0));
            if (i % 50 == 0 || i == PROMPTS - 1) {
                await().until(() -> score(prompt) == PROMPT_BLOCKS);
                assertThat(score(prompt(0, PROMPT_BLOCKS))).isEqualTo(PROMPT_BLOCKS);
            }
        }
    }

    @AfterEach
    void close() {
        router.close();
        fleets.close();
        worker.close();
        planes.close();
    }

    @Test
    void whatWasUsedLeastRecentlyIsForgottenAndTheRestIsTrue() {
        assertThat(score(prompt(1, PROMPT_BLOCKS))).as("never asked for").isZero();
        assertThat(score(prompt(PROMPTS - 1, PROMPT_BLOCKS))).isEqualTo(PROMPT_BLOCKS);
        long known = IntStream.range(0, PROMPTS).map(it -> score(prompt(it, PROMPT_BLOCKS))).sum();
        long held = (long) PROMPTS * PROMPT_BLOCKS;

        assertThat(known).isBetween(held / 8, held - PROMPT_BLOCKS);
        assertThat(gauge("kv_index_blocks")).isEqualTo(known);
        assertThat(gauge("kv_index_forgotten_blocks")).isEqualTo(held - known);
        assertThat(gauge("kv_index_bytes")).isBetween(LIMIT_BYTES / 2, LIMIT_BYTES);
    }

    @Test
    void whatIsStoredBelowForgottenBlocksIsKnownOnceTheWorkerWasAsked() {
        for (int i = KEPT; i < PROMPTS; i++) {
            publisher.onEvent(removed(prompt(i, PROMPT_BLOCKS)));
        }
        publisher.onEvent(stored(prompt(1, PROMPT_BLOCKS + 1), PROMPT_BLOCKS));
        await().until(() -> gauge("kv_cache_events_rejected") == 1);
        assertThat(score(prompt(1, PROMPT_BLOCKS + 1))).isZero();

        await().until(() -> auditedScore(prompt(1, PROMPT_BLOCKS + 1)) == PROMPT_BLOCKS + 1);
        assertThat(IntStream.range(0, KEPT).map(it -> score(prompt(it, PROMPT_BLOCKS))))
                .containsOnly(PROMPT_BLOCKS);
        assertThat(gauge("kv_index_blocks")).isEqualTo(KEPT * PROMPT_BLOCKS + 1);
    }

    private int auditedScore(TokenIds prompt) {
        fleets.all().forEach(ModelFleet::audit);
        return score(prompt);
    }

    /// How many blocks of the prompt the worker holds, by the router's word.
    private int score(TokenIds prompt) {
        var score = new AtomicInteger();
        router.open(
                new OverlapScores("request", "manual", prompt),
                new StreamReceiver<>() {
                    @Override
                    public void onItem(RouterAnswer item) {
                        var scores = (RouterAnswer.Scores) item;
                        score.set(scores.blocks().getOrDefault(WORKER, 0));
                    }

                    @Override
                    public void onEnd(StreamEnd end) {}
                });
        return score.get();
    }

    private long gauge(String name) {
        String line = "test_" + name + " ";
        return metrics.text()
                .lines()
                .filter(it -> it.startsWith(line))
                .mapToLong(it -> (long) Double.parseDouble(it.substring(line.length())))
                .findFirst()
                .orElseThrow();
    }

    private static TokenIds prompt(int number, int blocks) {
        int tokens = blocks * ManualEngine.BLOCK_SIZE_TOKENS;
        return TokenIds.of(IntStream.range(0, tokens).map(it -> number * 1_000 + it).toArray());
    }

    private static TokenBlocks blocks(TokenIds prompt) {
        return new BlockHasher(ManualEngine.BLOCK_SIZE_TOKENS, CacheNamespace.SHARED).hash(prompt);
    }

    private static Stored stored(TokenIds prompt, int from) {
        TokenBlocks blocks = blocks(prompt);
        var stored = new ArrayList<StoredBlock>();
        for (int i = from; i < blocks.count(); i++) {
            stored.add(new StoredBlock(name(blocks, i), new BlockHash(blocks.blockHash(i))));
        }
        return new Stored(
                from == 0 ? Optional.empty() : Optional.of(name(blocks, from - 1)), stored);
    }

    private static Removed removed(TokenIds prompt) {
        TokenBlocks blocks = blocks(prompt);
        return new Removed(
                IntStream.range(0, blocks.count()).mapToObj(it -> name(blocks, it)).toList());
    }

    private static SequenceHash name(TokenBlocks blocks, int index) {
        return new SequenceHash(blocks.sequenceHash(index));
    }
}
