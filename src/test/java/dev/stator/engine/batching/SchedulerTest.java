package dev.stator.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Requests;
import dev.stator.engine.StopConditions;
import dev.stator.kv.pool.BlockPool;
import dev.stator.kv.pool.BlockTable;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

class SchedulerTest {
    private static final int BLOCK_SIZE = 4;
    private static final int STOP = 7;

    private final BlockHasher hasher = new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED);
    private final BlockPool pool = new BlockPool(16, BLOCK_SIZE, _ -> {});
    private final Scheduler scheduler = new Scheduler(config(4, 24, 8), pool, 1000);

    @Test
    void promptsAreCutIntoChunksOfTheBudget() {
        submit(20, 1, 3);

        assertThat(step()).containsExactly("0+8");
        assertThat(step()).containsExactly("8+8");
        assertThat(step()).containsExactly("16+4!");
        assertThat(step()).containsExactly("20+1!");
    }

    @Test
    void decodingGoesFirstAndPrefillSharesTheRest() {
        submit(4, 1, 10);
        step();
        submit(5, 2, 10);
        submit(20, 3, 10);

        assertThat(step()).containsExactly("4+1!", "0+5!", "0+3");
        assertThat(step()).containsExactly("5+1!", "5+1!", "3+8");
    }

    @Test
    void aCachedPrefixIsNotComputedAgainButTheLastTokenIs() {
        submit(8, 1, 1);
        step();
        Sequence again = submit(8, 1, 1);

        assertThat(step()).containsExactly("4+4!");
        assertThat(again.cachedTokens()).isEqualTo(4);
    }

    @Test
    void generatedBlocksAreCachedToo() {
        Sequence first = submit(4, 1, 5);
        run();
        int[] conversation = Arrays.copyOf(first.tokens(), 9);
        Sequence next = submit(conversation, new StopConditions(1, 0, Set.of()));
        step();

        assertThat(next.cachedTokens()).isEqualTo(8);
    }

    @Test
    void admissionLeavesTheWatermarkToThoseRunning() {
        var cautious = new Scheduler(config(4, 24, 24, 0.25), pool, 1000);
        submitTo(cautious, 32, 1, 5);
        submitTo(cautious, 20, 2, 5);

        assertThat(step(cautious)).containsExactly("0+24");
        assertThat(cautious.waitingSequences()).isEqualTo(1);
        assertThat(cautious.runningSequences()).isEqualTo(1);
    }

    @Test
    void theSequenceAdmittedLastGivesWayAndGoesOnLater() {
        Sequence first = submit(28, 1, 20);
        Sequence second = submit(28, 2, 20);
        run();

        assertThat(scheduler.preemptions()).isPositive();
        assertThat(first.finish()).contains(FinishReason.LENGTH);
        assertThat(second.outputTokens()).isEqualTo(20);
        assertThat(pool.usedBlocks()).isZero();
    }

    @Test
    void aPausedSequenceKeepsItsBlocksButTakesNoStep() {
        Sequence sequence = submit(4, 1, 10);
        step();
        scheduler.pause(sequence);

        assertThat(step()).isEmpty();
        assertThat(pool.usedBlocks()).isEqualTo(1);
        scheduler.resume(sequence);
        assertThat(step()).containsExactly("4+1!");
    }

    @Test
    void aPausedSequenceGivesWayWhenNothingElseCanRun() {
        Sequence paused = submit(40, 1, 10);
        for (int i = 0; i < 6; i++) {
            step();
        }
        scheduler.pause(paused);
        submit(40, 2, 1);

        assertThat(step()).containsExactly("0+8");
        assertThat(scheduler.waitingSequences()).isEqualTo(1);
        run();
        scheduler.resume(paused);
        run();
        assertThat(paused.outputTokens()).isEqualTo(10);
    }

    @Test
    void aSequencePausedForLongGivesWayThoughOthersRun() {
        var roomy = new BlockPool(56, BLOCK_SIZE, _ -> {});
        var large = new Scheduler(config(4, 256, 256), roomy, 1000);
        Sequence paused = submitTo(large, 120, 1, 10);
        submitTo(large, 4, 2, 1000);
        step(large);
        large.pause(paused);
        submitTo(large, 120, 3, 1);
        for (int i = 0; i < 60; i++) {
            assertThat(step(large)).hasSize(1);
        }
        assertThat(large.preemptions()).isZero();

        for (int i = 0; i < 10; i++) {
            step(large);
        }
        assertThat(large.preemptions()).isEqualTo(1);
        assertThat(large.waitingSequences()).isEqualTo(1);
    }

    @Test
    void theSequencePausedLongestIsAskedFirst() {
        Sequence early = submit(20, 1, 10);
        Sequence late = submit(20, 2, 10);
        for (int i = 0; i < 6; i++) {
            step();
        }
        scheduler.pause(early);
        step();
        scheduler.pause(late);
        submit(20, 3, 1);
        step();

        assertThat(early.blockCount()).isZero();
        assertThat(late.blockCount()).isPositive();
    }

    @Test
    void aPausedRequestDoesNotBlockTheQueue() {
        scheduler.pause(submit(60, 1, 1));
        submit(4, 2, 1);

        assertThat(step()).containsExactly("0+4!");
    }

    @Test
    void aStopTokenEndsBehindTheMinimumOnly() {
        var stops = new StopConditions(10, 3, Set.of(STOP));
        Sequence sequence = submit(Requests.prompt(4, 1).toArray(), stops);
        run();

        assertThat(sequence.finish()).contains(FinishReason.STOP);
        assertThat(sequence.outputTokens()).isEqualTo(4);
    }

    @Test
    void outputEndsWhereContextOrPoolEnd() {
        Sequence sequence = submit(60, 1, 100);
        run();

        assertThat(scheduler.contextLengthTokens()).isEqualTo(64);
        assertThat(sequence.finish()).contains(FinishReason.LENGTH);
        assertThat(sequence.tokenCount()).isEqualTo(64);
    }

    @Test
    void aPromptThatCanNeverFitIsRefusedWithFigures() {
        EngineFailure failure =
                scheduler.check(Requests.request("r", Requests.prompt(64, 1), 1, 0)).orElseThrow();

        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(failure.message()).contains("64 tokens");
    }

    @Test
    void theBudgetFollowsTheStepTime() {
        submit(60, 1, 1);
        assertThat(step()).containsExactly("0+8");
        scheduler.observe(1000);
        assertThat(step()).containsExactly("8+4");
        scheduler.observe(10);
        assertThat(step()).containsExactly("12+5");
        scheduler.observe(90);
        assertThat(step()).containsExactly("17+5");
    }

    @Test
    void theBudgetStaysWithinItsBounds() {
        submit(40, 1, 1);
        for (int i = 0; i < 5; i++) {
            step();
            scheduler.observe(100_000);
        }
        assertThat(step()).containsExactly("18+2");
        for (int i = 0; i < 60; i++) {
            submit(60, 2 + i, 1);
            step();
            scheduler.observe(1);
        }
        scheduler.sequences().forEach(scheduler::remove);
        submit(60, 99, 1);
        assertThat(step()).containsExactly("0+24");
    }

    private static BatchingConfig config(int maxSequences, int maxTokens, int prefill) {
        return config(maxSequences, maxTokens, prefill, 0);
    }

    private static BatchingConfig config(
            int maxSequences, int maxTokens, int prefill, double watermark) {
        return new BatchingConfig(
                maxSequences,
                maxTokens,
                prefill,
                2,
                Duration.ofNanos(100),
                0,
                1,
                Duration.ZERO,
                watermark);
    }

    private Sequence submit(int promptTokens, int variant, int maxTokens) {
        return submitTo(scheduler, promptTokens, variant, maxTokens);
    }

    private Sequence submitTo(Scheduler target, int promptTokens, int variant, int maxTokens) {
        int[] prompt = Requests.prompt(promptTokens, variant).toArray();
        return submitTo(target, prompt, new StopConditions(maxTokens, 0, Set.of()));
    }

    private Sequence submit(int[] prompt, StopConditions stops) {
        return submitTo(scheduler, prompt, stops);
    }

    private Sequence submitTo(Scheduler target, int[] prompt, StopConditions stops) {
        var ids = TokenIds.of(prompt);
        var sequence =
                new Sequence(
                        Requests.request("r", ids, stops, 0),
                        BlockTable.of(hasher, CacheNamespace.SHARED, ids));
        target.submit(sequence);
        return sequence;
    }

    private void run() {
        while (!step().isEmpty()) {
            scheduler.checkInvariants();
        }
    }

    private List<String> step() {
        return step(scheduler);
    }

    /// Runs a step in which every sample is `STOP` and describes its slices as `start+count`, with
    /// a mark behind those that sample.
    private static List<String> step(Scheduler scheduler) {
        StepPlan plan = scheduler.plan();
        List<String> slices = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            SequenceSlice slice = plan.slice(i);
            slices.add(slice.start() + "+" + slice.count() + (slice.samples() ? "!" : ""));
            if (slice.samples()) {
                scheduler.output().put(i, GeneratedToken.of(STOP));
            }
        }
        scheduler.complete();
        return slices;
    }
}
