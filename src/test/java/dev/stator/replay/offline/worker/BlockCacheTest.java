package dev.stator.replay.offline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

class BlockCacheTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithTheNaiveCacheAndTellsEveryChange(long seed) {
        var random = new SplittableRandom(seed);
        int capacity = 1 + random.nextInt(30);
        var heard = new Mirror();
        var cache = new BlockCache(capacity, heard);
        var naive = new NaiveCache(capacity);
        for (int i = 0; i < 200; i++) {
            TokenBlocks prompt = prompt(random);
            assertThat(cache.match(prompt)).isEqualTo(naive.match(prompt));
            cache.touch(prompt);
            naive.touch(prompt);
            assertThat(heard.held).isEqualTo(new HashSet<>(naive.leastRecentFirst));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void whatIsInUseStaysAndTheCapacityHolds(long seed) {
        var random = new SplittableRandom(seed);
        int capacity = 20 + random.nextInt(20);
        var heard = new Mirror();
        var cache = new BlockCache(capacity, heard);
        List<TokenBlocks> used = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (random.nextBoolean()) {
                use(cache, prompt(random), used);
            } else if (!used.isEmpty()) {
                TokenBlocks done = used.remove(random.nextInt(used.size()));
                cache.unpin(done, done.count());
            }
            assertThat(heard.held).hasSizeLessThanOrEqualTo(capacity);
            for (TokenBlocks prompt : used) {
                assertThat(cache.match(prompt)).isEqualTo(prompt.count());
            }
        }
        used.forEach(it -> cache.unpin(it, it.count()));
        assertThat(cache.inUse()).isZero();
    }

    @Test
    void aReservationThatDoesNotFitLeavesNothingBehind() {
        var cache = new BlockCache(4, BlockCache.Listener.NONE);
        cache.touch(blocks(1, 2, 3, 4));
        cache.pin(blocks(1, 2), 0, 2);

        assertThat(cache.reserve(3)).isFalse();
        assertThat(cache.inUse()).isEqualTo(2);
        assertThat(cache.reserve(2)).isTrue();
        assertThat(cache.inUse()).isEqualTo(4);
    }

    private static void use(BlockCache cache, TokenBlocks prompt, List<TokenBlocks> used) {
        int hit = cache.match(prompt);
        cache.pin(prompt, 0, hit);
        if (cache.reserve(prompt.count() - hit)) {
            cache.store(prompt, hit);
            used.add(prompt);
        } else {
            cache.unpin(prompt, hit);
        }
    }

    /// Few different blocks, so that prompts share beginnings.
    private static TokenBlocks prompt(SplittableRandom random) {
        return blocks(random.longs(random.nextInt(8), 0, 3).toArray());
    }

    private static TokenBlocks blocks(long... hashes) {
        return TokenBlocks.of(16, hashes);
    }

    /// The set as its definition has it.
    private static final class NaiveCache {
        private final int capacity;
        private final LinkedHashSet<Long> leastRecentFirst = new LinkedHashSet<>();

        NaiveCache(int capacity) {
            this.capacity = capacity;
        }

        int match(TokenBlocks prompt) {
            int held = 0;
            while (held < prompt.count() && leastRecentFirst.contains(prompt.sequenceHash(held))) {
                held++;
            }
            return held;
        }

        void touch(TokenBlocks prompt) {
            for (int i = prompt.count() - 1; i >= 0; i--) {
                leastRecentFirst.remove(prompt.sequenceHash(i));
                leastRecentFirst.add(prompt.sequenceHash(i));
            }
            while (leastRecentFirst.size() > capacity) {
                leastRecentFirst.removeFirst();
            }
        }
    }

    /// What a listener believes is held.
    private static final class Mirror implements BlockCache.Listener {
        private final Set<Long> held = new HashSet<>();

        @Override
        public void stored(TokenBlocks blocks, int from) {
            for (int i = from; i < blocks.count(); i++) {
                assertThat(held.add(blocks.sequenceHash(i))).isTrue();
            }
        }

        @Override
        public void removed(long[] sequenceHashes, int count) {
            LongStream.of(sequenceHashes)
                    .limit(count)
                    .forEach(it -> assertThat(held.remove(it)).isTrue());
        }
    }
}
