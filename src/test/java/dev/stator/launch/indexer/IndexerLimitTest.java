package dev.stator.launch.indexer;

import static dev.stator.launch.indexer.ServedIndex.root;
import static dev.stator.testing.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.testing.RawHttp.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/// What is known of engines that hold more than their index may.
class IndexerLimitTest {
    private static final int BLOCK_SIZE = 4;
    private static final long LIMIT_BYTES = PackedPrefixIndex.BYTES_MAX_LEAST;
    private static final int PROMPTS = 300;
    private static final int REPLAY_BATCHES = 200;
    private static final int PROMPT_BLOCKS = 256;
    private static final int PROMPT_TOKENS = BLOCK_SIZE * PROMPT_BLOCKS;

    private final PublishingEngine engine = PublishingEngine.keeping(REPLAY_BATCHES, BLOCK_SIZE);
    private final PublishingEngine other = PublishingEngine.withBlocksOf(BLOCK_SIZE);
    private ServedIndex index;

    /// One engine stores a single prompt, then the other one many, each in a batch of its own; its
    /// first prompt is asked for now and then.
    @BeforeEach
    void store() throws IOException {
        index = new ServedIndex(new IndexerLimits(2, LIMIT_BYTES, Duration.ofMillis(100)));
        register(engine, 1);
        register(other, 2);
        other.holdFrom(0, prompt(PROMPTS, PROMPT_TOKENS));
        await().until(() -> score("2", prompt(PROMPTS, PROMPT_TOKENS)) == PROMPT_TOKENS);
        for (int i = 0; i < PROMPTS; i++) {
            int[] prompt = prompt(i, PROMPT_TOKENS);
            engine.holdFrom(0, prompt);
            await().until(() -> score("1", prompt) == PROMPT_TOKENS);
            if (i % 20 == 0) {
                assertThat(score("1", prompt(0, PROMPT_TOKENS))).isEqualTo(PROMPT_TOKENS);
            }
        }
    }

    @AfterEach
    void close() {
        index.close();
        engine.close();
        other.close();
    }

    @Test
    void whatWasUsedLeastRecentlyIsForgottenAndTheRestIsTrue() throws IOException {
        long known = 0;
        for (int i = 0; i < PROMPTS; i++) {
            known += score("1", prompt(i, PROMPT_TOKENS)) / BLOCK_SIZE;
        }
        long held = (long) (PROMPTS + 1) * PROMPT_BLOCKS;

        assertThat(score("1", prompt(1, PROMPT_TOKENS))).isZero();
        assertThat(score("2", prompt(PROMPTS, PROMPT_TOKENS))).isZero();
        assertThat(known).isBetween(held / 8, held / 2);
        assertThat(metric("dynamo_kvindexer_blocks")).isEqualTo(known);
        assertThat(metric("dynamo_kvindexer_forgotten_blocks")).isEqualTo(held - known);
        assertThat(metric("dynamo_kvindexer_index_bytes")).isBetween(LIMIT_BYTES / 2, LIMIT_BYTES);
    }

    @Test
    void whatIsStoredBelowForgottenBlocksIsKnownOnceTheEngineWasAsked() throws IOException {
        int kept = PROMPTS - REPLAY_BATCHES + 20;
        int[][] dropped = new int[PROMPTS - kept][];
        Arrays.setAll(dropped, it -> prompt(kept + it, PROMPT_TOKENS));
        engine.drop(dropped);
        await().until(() -> score("1", dropped[dropped.length - 1]) == 0);
        assertThat(score("1", prompt(kept - 1, PROMPT_TOKENS))).isZero();
        int[] longer = prompt(kept - 1, PROMPT_TOKENS + BLOCK_SIZE);
        int[] others = prompt(PROMPTS, PROMPT_TOKENS + BLOCK_SIZE);
        engine.holdFrom(PROMPT_BLOCKS, longer);
        other.holdFrom(PROMPT_BLOCKS, others);

        await().until(() -> score("1", longer) == longer.length);
        await().until(() -> score("2", others) == others.length);
        assertThat(score("1", prompt(kept - 2, PROMPT_TOKENS))).isEqualTo(PROMPT_TOKENS);
        assertThat(score("1", prompt(0, PROMPT_TOKENS)))
                .as("known, though no longer kept by the engine")
                .isEqualTo(PROMPT_TOKENS);
        assertThat(score("1", prompt(1, PROMPT_TOKENS))).as("kept by nobody").isZero();
        assertThat(metric("dynamo_kvindexer_repairs_total")).isEqualTo(2);
        engine.drop(longer);
        await().until(() -> score("1", longer) == 0);
    }

    private void register(PublishingEngine engine, int instance) throws IOException {
        index.register(
                engine.endpoint(),
                "\"instance_id\": %d, \"replay_endpoint\": \"%s\""
                        .formatted(instance, engine.replayEndpoint()));
        engine.awaitFollower();
    }

    private static int[] prompt(int number, int tokens) {
        return IntStream.range(0, tokens).map(it -> number * 2_000 + it).toArray();
    }

    /// Tokens of the prompt that the instance holds, by the word of the index.
    private int score(String instance, int... prompt) throws IOException {
        Answer answer =
                index.post(
                        "/query",
                        "{\"model_name\": \"m\", \"token_ids\": %s}"
                                .formatted(Arrays.toString(prompt)));
        return root(answer).get("scores").get(instance).get("0").integer(0, Integer.MAX_VALUE);
    }

    private long metric(String name) throws IOException {
        return index.get("/metrics")
                .body()
                .lines()
                .filter(it -> it.startsWith(name + " "))
                .mapToLong(it -> (long) Double.parseDouble(it.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
