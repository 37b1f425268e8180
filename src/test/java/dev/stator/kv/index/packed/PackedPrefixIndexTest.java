package dev.stator.kv.index.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.ApplyResult;
import dev.stator.kv.index.IndexSize;
import dev.stator.kv.index.KvHistories;
import dev.stator.kv.index.NaivePrefixIndex;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.PrefixIndexContract;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.SplittableRandom;

class PackedPrefixIndexTest extends PrefixIndexContract {

    @Override
    protected PrefixIndex newIndex() {
        return new PackedPrefixIndex();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void agreesWithTheNaiveIndex(long seed) {
        var histories = new KvHistories(seed);
        var random = new SplittableRandom(seed);
        var packed = new PackedPrefixIndex();
        var naive = new NaivePrefixIndex();
        for (int i = 0; i < 60; i++) {
            WorkerId worker = histories.worker();
            for (int j = random.nextInt(4); j >= 0; j--) {
                KvCacheEvent event = histories.event(worker);
                assertThat(packed.apply(worker, event)).isEqualTo(naive.apply(worker, event));
                PackedIndexCheck.check(packed);
            }
            if (random.nextInt(20) == 0) {
                packed.remove(worker);
                naive.remove(worker);
                PackedIndexCheck.check(packed);
            }
            TokenBlocks prompt = histories.prompt();
            assertThat(packed.match(prompt)).isEqualTo(naive.match(prompt));
            assertThat(packed.blocks(worker)).isEqualTo(naive.blocks(worker));
        }
        assertThat(packed.size()).isEqualTo(naive.size());
        for (int worker = 1; worker <= 70; worker++) {
            packed.remove(new WorkerId(worker));
        }
        assertThat(packed.size()).isEqualTo(new IndexSize(0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void aDumpHoldsWhatCanBeMatched(long seed) {
        var histories = new KvHistories(seed);
        var packed = new PackedPrefixIndex();
        var naive = new NaivePrefixIndex();
        for (int i = 0; i < 20; i++) {
            KvCacheEvent event = histories.event(ALICE);
            packed.apply(ALICE, event);
            naive.apply(ALICE, event);
        }
        var fromPacked = new PackedPrefixIndex();
        var fromNaive = new PackedPrefixIndex();
        for (KvCacheEvent chain : packed.dump(ALICE)) {
            assertThat(fromPacked.apply(ALICE, chain)).isInstanceOf(ApplyResult.Applied.class);
        }
        naive.dump(ALICE).forEach(it -> fromNaive.apply(ALICE, it));

        assertThat(fromPacked.blocks(ALICE)).isEqualTo(fromNaive.blocks(ALICE));
        for (int i = 0; i < 50; i++) {
            TokenBlocks prompt = histories.prompt();
            assertThat(fromPacked.match(prompt)).isEqualTo(packed.match(prompt));
        }
    }
}
