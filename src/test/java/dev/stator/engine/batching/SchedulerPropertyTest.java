package dev.stator.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.FinishReason;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.Requests;
import dev.stator.kv.pool.BlockPool;
import dev.stator.kv.pool.BlockTable;
import dev.stator.kv.pool.ShadowCache;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Random requests, pauses and cancellations in pools so small that preemption is the rule.
class SchedulerPropertyTest {
    private static final int HISTORY_STEPS = 200;

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyRequestEndsWithTheTokensOfAnUndisturbedRun(long seed) {
        var history = new History(seed);
        for (int i = 0; i < HISTORY_STEPS; i++) {
            history.act();
            history.step();
        }
        history.finish();
    }

    @Test
    void theHistoriesPreemptOften() {
        long preemptions = 0;
        for (long seed = 0; seed < 20; seed++) {
            var history = new History(seed);
            for (int i = 0; i < HISTORY_STEPS; i++) {
                history.act();
                history.step();
            }
            preemptions += history.scheduler.preemptions();
        }
        assertThat(preemptions).isGreaterThan(200);
    }

    private static final class History {
        private final SplittableRandom random;
        private final ShadowCache shadow = new ShadowCache();
        private final BlockHasher hasher;
        private final BlockPool pool;
        private final Scheduler scheduler;
        private final KvCheckingExecutor executor;
        private final List<Sequence> live = new ArrayList<>();
        private int submitted;

        private History(long seed) {
            this.random = new SplittableRandom(seed);
            int blockSize = random.nextInt(1, 5);
            int blocks = random.nextInt(4, 16);
            int maxSequences = random.nextInt(1, 9);
            var config =
                    new BatchingConfig(
                            maxSequences,
                            random.nextInt(maxSequences, 40),
                            1,
                            1,
                            Duration.ofNanos(100),
                            0,
                            1,
                            Duration.ZERO,
                            random.nextInt(3) * 0.1);
            this.hasher = new BlockHasher(blockSize, CacheNamespace.SHARED);
            this.pool = new BlockPool(blocks, blockSize, shadow);
            this.scheduler = new Scheduler(config, pool, 60);
            this.executor = new KvCheckingExecutor(blocks, blockSize);
        }

        private void act() {
            int choice = random.nextInt(100);
            if (choice < 15) {
                submit();
            } else if (live.isEmpty()) {
                return;
            }
            Sequence any = live.isEmpty() ? submit() : live.get(random.nextInt(live.size()));
            if (choice >= 95) {
                assertTokens(any);
                scheduler.remove(any);
                live.remove(any);
            } else if (choice >= 85) {
                scheduler.pause(any);
            } else if (choice >= 70) {
                scheduler.resume(any);
            }
        }

        private Sequence submit() {
            int[] ids = new int[random.nextInt(1, scheduler.contextLengthTokens() / 2 + 1)];
            int shared = random.nextInt(ids.length + 1);
            Arrays.setAll(ids, i -> i < shared ? i % 3 : random.nextInt(3));
            GenerationRequest request =
                    Requests.request("r" + submitted++, TokenIds.of(ids), random.nextInt(1, 60), 0);
            assertThat(scheduler.check(request)).isEmpty();
            var sequence =
                    new Sequence(
                            request,
                            BlockTable.of(hasher, CacheNamespace.SHARED, request.prompt()));
            scheduler.submit(sequence);
            live.add(sequence);
            return sequence;
        }

        private boolean step() {
            StepPlan plan = scheduler.plan();
            scheduler.checkInvariants();
            if (plan.isEmpty()) {
                return false;
            }
            scheduler.output().clear();
            executor.execute(plan, scheduler.output());
            scheduler.output().checkComplete(plan);
            scheduler.complete();
            scheduler.observe(random.nextInt(200));
            scheduler.checkInvariants();
            pool.checkInvariants();
            shadow.assertSameAs(pool);
            takeFinished();
            return true;
        }

        private void takeFinished() {
            for (Sequence sequence : List.copyOf(live)) {
                if (sequence.hasEnded()) {
                    assertTokens(sequence);
                    assertEnded(sequence);
                    live.remove(sequence);
                }
            }
        }

        private static void assertTokens(Sequence sequence) {
            int[] output =
                    Arrays.copyOfRange(
                            sequence.tokens(), sequence.promptTokens(), sequence.tokenCount());
            TokenIds prompt = sequence.request().prompt();
            assertThat(output).containsExactly(KvCheckingExecutor.expected(prompt, output.length));
        }

        private void assertEnded(Sequence sequence) {
            int room = scheduler.contextLengthTokens() - sequence.promptTokens();
            assertThat(sequence.finish()).contains(FinishReason.LENGTH);
            assertThat(sequence.outputTokens())
                    .isEqualTo(Math.min(room, sequence.request().stops().maxTokens()));
        }

        /// Resumes all and runs until nothing is left.
        private void finish() {
            live.forEach(scheduler::resume);
            while (!live.isEmpty()) {
                assertThat(step()).as("a step makes progress").isTrue();
            }
            assertThat(step()).isFalse();
            assertThat(scheduler.sequences()).isEmpty();
            assertThat(pool.usedBlocks()).isZero();
        }
    }
}
