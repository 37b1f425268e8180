package dev.stator.kv.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.SplittableRandom;

class RadixPrefixIndexTest extends PrefixIndexContract {

    @Override
    PrefixIndex newIndex() {
        return new RadixPrefixIndex();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#thousand")
    void agreesWithTheNaiveIndex(long seed) {
        var histories = new KvHistories(seed);
        var random = new SplittableRandom(seed);
        var radix = new RadixPrefixIndex();
        var naive = new NaivePrefixIndex();
        for (int i = 0; i < 60; i++) {
            WorkerId worker = histories.worker();
            for (int j = random.nextInt(4); j >= 0; j--) {
                KvCacheEvent event = histories.event(worker);
                assertThat(radix.apply(worker, event)).isEqualTo(naive.apply(worker, event));
            }
            if (random.nextInt(20) == 0) {
                radix.remove(worker);
                naive.remove(worker);
            }
            TokenBlocks prompt = histories.prompt();
            assertThat(radix.match(prompt)).isEqualTo(naive.match(prompt));
            assertThat(radix.blocks(worker)).isEqualTo(naive.blocks(worker));
        }
        radix.checkInvariants();
        assertThat(radix.size()).isEqualTo(naive.size());
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void aDumpHoldsWhatCanBeMatched(long seed) {
        var histories = new KvHistories(seed);
        var radix = new RadixPrefixIndex();
        var naive = new NaivePrefixIndex();
        for (int i = 0; i < 20; i++) {
            KvCacheEvent event = histories.event(ALICE);
            radix.apply(ALICE, event);
            naive.apply(ALICE, event);
        }
        var fromRadix = new RadixPrefixIndex();
        var fromNaive = new RadixPrefixIndex();
        for (KvCacheEvent chain : radix.dump(ALICE)) {
            assertThat(fromRadix.apply(ALICE, chain)).isInstanceOf(ApplyResult.Applied.class);
        }
        naive.dump(ALICE).forEach(it -> fromNaive.apply(ALICE, it));

        assertThat(fromRadix.blocks(ALICE)).isEqualTo(fromNaive.blocks(ALICE));
        for (int i = 0; i < 50; i++) {
            TokenBlocks prompt = histories.prompt();
            assertThat(fromRadix.match(prompt)).isEqualTo(radix.match(prompt));
        }
    }
}
