package dev.stator.replay.offline.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.engine.simulated.TimingModel;
import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class WorkerTimesTest {
    private static final int BLOCK_SIZE_TOKENS = 16;

    private final Agenda agenda = new Agenda();
    private final Diary diary = new Diary();

    @Test
    void aPrefillQueueComputesOnePromptAfterTheOther() {
        var time = new PrefillTime(1e15);
        SimulatedWorker worker =
                new PrefillQueueWorker(
                        0, new BlockCache(100, BlockCache.Listener.NONE), time, agenda, diary);

        worker.submit(job(0, 1, 1, 2));
        worker.submit(job(1, 1, 1, 2));
        worker.submit(job(2, 1, 7));
        assertThat(worker.waiting()).isEqualTo(2);
        drain();

        double whole = time.seconds(32, 0);
        double again = time.seconds(32, 31);
        assertThat(diary.hits).containsExactly(0, 2, 0);
        assertThat(diary.firstTokens.get(0)).isCloseTo(whole, within(1e-8));
        assertThat(diary.firstTokens.get(1)).isCloseTo(whole + again, within(1e-8));
        assertThat(diary.firstTokens.get(2))
                .isCloseTo(whole + again + time.seconds(16, 0), within(1e-8));
    }

    @Test
    void aBatchDecodesOneTokenPerStep() {
        BlockCache cache = new BlockCache(100, BlockCache.Listener.NONE);
        SimulatedWorker worker = new BatchingWorker(0, cache, BatchLimits.DEFAULT, agenda, diary);

        worker.submit(job(0, 5, 1, 2));
        drain();

        double prefill = TimingModel.prefillMillis(32) / 1e3;
        double step = TimingModel.decodeMillis(3 / 100.0) / 1e3;
        assertThat(diary.firstTokens.getFirst()).isCloseTo(prefill, within(1e-8));
        assertThat(diary.ends.getFirst()).isCloseTo(prefill + 4 * step, within(1e-8));
        assertThat(diary.tokens).isEqualTo(5);
        assertThat(cache.inUse()).isZero();
    }

    @Test
    void longPromptsAreCutIntoChunksBesideWhichOthersDecode() {
        var limits = new BatchLimits(4, 32, 1);
        SimulatedWorker worker =
                new BatchingWorker(
                        0, new BlockCache(100, BlockCache.Listener.NONE), limits, agenda, diary);

        worker.submit(job(0, 3, 1));
        worker.submit(job(1, 1, 2, 3, 4));
        assertThat(worker.waiting()).isEqualTo(1);
        drain();

        // 16 tokens; 31 and then 17 of the other prompt, beside a decode each
        double first = TimingModel.prefillMillis(16) / 1e3;
        double second = TimingModel.prefillMillis(31) / 1e3;
        double third = TimingModel.prefillMillis(17) / 1e3;
        double decode = TimingModel.decodeMillis(6 / 100.0) / 1e3;
        assertThat(diary.firstTokens.get(0)).isCloseTo(first, within(1e-8));
        assertThat(diary.ends.getFirst()).isEqualTo(diary.firstTokens.get(1));
        assertThat(diary.firstTokens.get(1))
                .isCloseTo(first + second + third + 2 * decode, within(1e-8));
    }

    @Test
    void whatNeverFitsFails() {
        SimulatedWorker worker =
                new BatchingWorker(
                        0,
                        new BlockCache(2, BlockCache.Listener.NONE),
                        BatchLimits.DEFAULT,
                        agenda,
                        diary);

        worker.submit(job(0, 1, 1, 2));
        worker.submit(job(1, 1, 1));
        drain();

        assertThat(diary.failed).isEqualTo(1);
        assertThat(diary.ends).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void everyRequestEndsHoweverLittleRoomThereIs(long seed) {
        var random = new SplittableRandom(seed);
        var cache = new BlockCache(12, BlockCache.Listener.NONE);
        var limits = new BatchLimits(1 + random.nextInt(6), 40, 1);
        SimulatedWorker worker = new BatchingWorker(0, cache, limits, agenda, diary);
        int answers = 0;
        for (int i = 0; i < 40; i++) {
            int output = random.nextInt(40);
            long[] ids = random.longs(1 + random.nextInt(8), 0, 3).toArray();
            Job job = job(i, output, ids);
            answers += Math.max(1, output);
            agenda.at(random.nextLong(500_000_000L), Agenda.Rank.ARRIVAL, () -> worker.submit(job));
        }
        while (agenda.step()) {
            assertThat(cache.inUse()).isBetween(0, 12);
        }

        assertThat(diary.ends).hasSize(40);
        assertThat(diary.firstTokens).hasSize(40);
        assertThat(diary.tokens).isEqualTo(answers);
        assertThat(cache.inUse()).isZero();
    }

    private void drain() {
        while (agenda.step()) {}
    }

    private Job job(int number, int outputTokens, long... ids) {
        var request =
                new TraceRequest(
                        0,
                        BLOCK_SIZE_TOKENS * ids.length,
                        outputTokens,
                        BlockIds.of(ids),
                        Optional.empty());
        var job = new Job(number, request, TokenBlocks.of(BLOCK_SIZE_TOKENS, ids), 0);
        job.follow(diary.counting());
        return job;
    }

    /// Notes when what happened, in seconds.
    private final class Diary implements SimulatedWorker.Ledger {
        private final List<Integer> hits = new ArrayList<>();
        private final List<Double> firstTokens = new ArrayList<>();
        private final List<Double> ends = new ArrayList<>();
        private int tokens;
        private int failed;

        Job.Follower counting() {
            return new Job.Follower() {
                @Override
                public void prefillCompleted() {}

                @Override
                public void tokenProduced() {
                    tokens++;
                }

                @Override
                public void ended() {}
            };
        }

        @Override
        public void begun(int worker, Job job) {
            hits.add(job.hitBlocks());
        }

        @Override
        public void firstToken(int worker, Job job) {
            firstTokens.add(agenda.nowNanos() / 1e9);
        }

        @Override
        public void ended(int worker, Job job) {
            ends.add(agenda.nowNanos() / 1e9);
        }

        @Override
        public void failed(Job job) {
            failed++;
        }

        @Override
        public void busy(int worker, long nanos) {
            assertThat(nanos).isPositive();
        }
    }
}
