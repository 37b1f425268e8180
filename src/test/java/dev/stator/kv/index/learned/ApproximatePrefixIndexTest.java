package dev.stator.kv.index.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixMatcher;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class ApproximatePrefixIndexTest {
    private static final WorkerId ALICE = new WorkerId(1);
    private static final WorkerId BOB = new WorkerId(2);

    private long nowNanos = Long.MAX_VALUE - 1_000; // clocks may wrap

    @Test
    void believesWhatWasRouted() {
        PrefixMatcher index = keeping(Duration.ofMinutes(2));
        index.routed(ALICE, prompt(1, 2, 3));
        index.routed(BOB, prompt(1));

        assertThat(index.match(prompt(1, 2, 4)).toMap()).isEqualTo(Map.of(ALICE, 2, BOB, 1));
    }

    @Test
    void forgetsAfterTheTimeToLiveUnlessRoutedAgain() {
        var index = keeping(Duration.ofNanos(100));
        index.routed(ALICE, prompt(1, 2, 3));
        nowNanos += 60;
        index.routed(ALICE, prompt(1, 2));
        nowNanos += 60;
        assertThat(index.match(prompt(1, 2, 3)).blocks(ALICE)).isEqualTo(2);

        nowNanos += 60;
        assertThat(index.match(prompt(1, 2, 3)).workers()).isZero();
        assertThat(index.size().heldBlocks()).isZero();
    }

    @Test
    void aRemovedWorkerIsForgotten() {
        var index = keeping(Duration.ofSeconds(1));
        index.routed(ALICE, prompt(1));
        index.remove(ALICE);
        assertThat(index.match(prompt(1)).workers()).isZero();

        index.routed(ALICE, prompt(1, 2));
        assertThat(index.match(prompt(1, 2)).blocks(ALICE)).isEqualTo(2);
    }

    @Test
    void whatAFullIndexForgotCountsAgainWhenItIsRoutedAgain() {
        var limited = new PackedPrefixIndex(1 << 20);
        var index =
                new ApproximatePrefixIndex(
                        limited, new Retention.Capacity(_ -> 1_000_000), () -> nowNanos);
        TokenBlocks first = prompt(IntStream.range(0, 100).toArray());
        index.routed(ALICE, first);
        for (int i = 1; i < 1_000; i++) {
            index.routed(ALICE, prompt(IntStream.range(100 * i, 100 * i + 100).toArray()));
        }
        assertThat(index.match(first).blocks(ALICE)).isZero();
        index.routed(ALICE, first);

        assertThat(limited.forgottenBlocks()).isPositive();
        assertThat(index.match(first).blocks(ALICE)).isEqualTo(100);
    }

    @Test
    void aTimeToLiveIsPositive() {
        assertThatThrownBy(() -> new Retention.TimeToLive(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl must be positive");
    }

    /// A worker's cache as everybody imagines it: a list, least recently used first, that gives up
    /// its first blocks when it is too long or they are too old.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void agreesWithAListOfRecentBlocks(long seed) {
        var random = new SplittableRandom(seed);
        boolean isTimed = random.nextBoolean();
        int capacity = isTimed ? Integer.MAX_VALUE : 1 + random.nextInt(40);
        int ttl = 1 + random.nextInt(50);
        Retention retention =
                isTimed
                        ? new Retention.TimeToLive(Duration.ofNanos(ttl))
                        : new Retention.Capacity(_ -> capacity);
        var index = new ApproximatePrefixIndex(new PackedPrefixIndex(), retention, () -> nowNanos);
        Map<Long, Long> recent = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            nowNanos += random.nextInt(4);
            TokenBlocks prompt = prompt(random.ints(1 + random.nextInt(7), 0, 3).toArray());
            if (random.nextBoolean()) {
                index.routed(ALICE, prompt);
                for (int block = prompt.count() - 1; block >= 0; block--) {
                    recent.remove(prompt.sequenceHash(block));
                    recent.put(prompt.sequenceHash(block), nowNanos);
                }
            }
            List<Long> order = new ArrayList<>(recent.keySet());
            int excess = Math.max(0, order.size() - capacity);
            recent.keySet().removeAll(order.subList(0, excess));
            if (isTimed) {
                recent.values().removeIf(used -> nowNanos - used >= ttl);
            }
            int expected = 0;
            while (expected < prompt.count() && recent.containsKey(prompt.sequenceHash(expected))) {
                expected++;
            }
            assertThat(index.match(prompt).blocks(ALICE)).isEqualTo(expected);
            assertThat(index.size().heldBlocks()).isEqualTo(recent.size());
        }
    }

    private ApproximatePrefixIndex keeping(Duration ttl) {
        return new ApproximatePrefixIndex(
                new PackedPrefixIndex(), new Retention.TimeToLive(ttl), () -> nowNanos);
    }

    private static TokenBlocks prompt(int... blocks) {
        long[] hashes = new long[blocks.length];
        for (int i = 0; i < blocks.length; i++) {
            hashes[i] = blocks[i];
        }
        return TokenBlocks.of(16, hashes);
    }
}
