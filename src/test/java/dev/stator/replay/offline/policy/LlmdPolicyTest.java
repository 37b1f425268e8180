package dev.stator.replay.offline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.replay.offline.policy.Fleet.TrueLoad;
import dev.stator.replay.offline.policy.Policy.Placement;
import dev.stator.replay.offline.worker.Agenda;
import dev.stator.replay.offline.worker.Agenda.Rank;
import dev.stator.replay.offline.worker.BlockCache;
import dev.stator.replay.offline.worker.Job;
import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.offline.worker.SimulatedWorker;
import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

class LlmdPolicyTest {
    private static final int BLOCK_SIZE_TOKENS = 16;
    private static final long SCRAPE_NANOS = 50_000_000;

    private final Agenda agenda = new Agenda();
    private final PrefixIndex index = new PackedPrefixIndex();
    private final List<StillWorker> workers = Stream.generate(StillWorker::new).limit(4).toList();
    private int jobs;

    @Test
    void loadSeesQueuesAsTheyWereScraped() {
        Policy policy = open(LlmdScheduler.LLMD_LOAD);
        policy.place(job(1));
        workers.forEach(it -> it.waiting = it == workers.get(2) ? 1 : 5);
        pass(SCRAPE_NANOS);

        assertThat(policy.place(job(2))).isEqualTo(new Placement.On(2));
        workers.get(2).waiting = 9;
        workers.get(1).waiting = 0;
        pass(SCRAPE_NANOS - 1);
        assertThat(policy.place(job(3))).isEqualTo(new Placement.On(2));
        pass(1);
        assertThat(policy.place(job(4))).isEqualTo(new Placement.On(1));
    }

    @Test
    void loadPrefersFreeMemoryWhenQueuesAreEqual() {
        Policy policy = open(LlmdScheduler.LLMD_LOAD);
        for (int i = 0; i < workers.size(); i++) {
            workers.get(i).cache.reserve(i == 3 ? 10 : 60);
        }
        policy.place(job(1));
        pass(SCRAPE_NANOS);

        assertThat(policy.place(job(2))).isEqualTo(new Placement.On(3));
    }

    @Test
    void scrapingEndsWithTheWork() {
        Job job = job(1);
        open(LlmdScheduler.LLMD_LOAD).place(job);
        job.follower().ended();

        assertThat(agenda.step()).isTrue();
        assertThat(agenda.step()).isFalse();
    }

    @Test
    void preciseKnowsCachesByEvents() {
        Policy policy = open(LlmdScheduler.LLMD_PRECISE);
        store(1, blocks(1, 2));
        store(3, blocks(1, 2, 3));

        for (int i = 0; i < 10; i++) {
            assertThat(policy.place(job(1, 2, 3, 4))).isEqualTo(new Placement.On(3));
        }
    }

    @Test
    void preciseLeavesAHolderWhoseQueueIsTheLongest() {
        Policy policy = open(LlmdScheduler.LLMD_PRECISE);
        store(3, blocks(1, 2, 3));
        workers.get(3).waiting = 1;
        workers.get(3).cache.reserve(90);
        policy.place(job(9));
        pass(SCRAPE_NANOS);

        assertThat(policy.place(job(1, 2, 3))).isNotEqualTo(new Placement.On(3));
    }

    @Test
    void approximateRemembersWhereItSentTheBeginning() {
        Policy policy = open(LlmdScheduler.LLMD_APPROXIMATE);
        int first = ((Placement.On) policy.place(job(longPrompt(1)))).worker();
        store((first + 1) % 4, blocks(longPrompt(2))); // which it does not hear of
        for (int i = 0; i < workers.size(); i++) {
            workers.get(i).waiting = i == first ? 5 : 0;
            workers.get(i).cache.reserve(i == first ? 0 : 10);
        }
        pass(SCRAPE_NANOS);

        // The beginning is all known there, which weighs as much as the queue of others.
        assertThat(policy.place(job(longPrompt(2)))).isEqualTo(new Placement.On(first));
    }

    /// Differs from others in its second half.
    private static long[] longPrompt(long number) {
        return LongStream.range(0, 512).map(it -> it < 256 ? it : 1_000 * number + it).toArray();
    }

    @Test
    void approximateForgetsWhatAWorkerGotLongAgo() {
        Policy policy = open(LlmdScheduler.LLMD_APPROXIMATE);
        List<Placement> first = placeTwelve(policy);
        assertThat(placeTwelve(policy)).isEqualTo(first);

        for (long prompt = 1; prompt <= 800; prompt++) {
            long begin = 1_000 * prompt;
            policy.place(job(LongStream.range(begin, begin + 256).toArray()));
        }

        assertThat(placeTwelve(policy)).isNotEqualTo(first);
    }

    private List<Placement> placeTwelve(Policy policy) {
        return LongStream.range(0, 12).mapToObj(it -> policy.place(job(it))).toList();
    }

    private Policy open(LlmdScheduler scheduler) {
        var loads = Stream.generate(TrueLoad::new).limit(workers.size()).toList();
        var fleet = new Fleet(List.copyOf(workers), loads, new PrefillTime(1e15), 0);
        return scheduler.over(new Stage(index, fleet, agenda, 100, BLOCK_SIZE_TOKENS, 1));
    }

    /// Lets so much time pass, with what is due in it.
    private void pass(long nanos) {
        long end = agenda.nowNanos() + nanos;
        agenda.at(end, Rank.ARRIVAL, () -> {});
        while (agenda.nowNanos() < end) {
            agenda.step();
        }
    }

    private void store(int worker, TokenBlocks blocks) {
        List<StoredBlock> stored = new ArrayList<>();
        for (int i = 0; i < blocks.count(); i++) {
            stored.add(
                    new StoredBlock(
                            new SequenceHash(blocks.sequenceHash(i)),
                            new BlockHash(blocks.blockHash(i))));
        }
        index.apply(new WorkerId(worker), new Stored(Optional.empty(), stored));
    }

    private Job job(long... ids) {
        var request =
                new TraceRequest(
                        0, ids.length * BLOCK_SIZE_TOKENS, 1, BlockIds.of(ids), Optional.empty());
        return new Job(jobs++, request, blocks(ids), agenda.nowNanos());
    }

    private static TokenBlocks blocks(long... ids) {
        return TokenBlocks.of(BLOCK_SIZE_TOKENS, ids);
    }

    /// Computes nothing; its queue is what the test says.
    private static final class StillWorker implements SimulatedWorker {
        private final BlockCache cache = new BlockCache(100, BlockCache.Listener.NONE);
        private int waiting;

        @Override
        public void submit(Job job) {}

        @Override
        public int waiting() {
            return waiting;
        }

        @Override
        public BlockCache cache() {
            return cache;
        }
    }
}
