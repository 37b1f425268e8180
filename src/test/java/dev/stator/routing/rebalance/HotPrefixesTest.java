package dev.stator.routing.rebalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

class HotPrefixesTest {

    @Test
    void requestsAreCountedAndFade() {
        var hot = new HotPrefixes(4, 100);
        assertThat(hot.touch(1, 0)).isEqualTo(1);
        assertThat(hot.touch(1, 0)).isEqualTo(2);
        assertThat(hot.touch(1, 100)).isCloseTo(2, within(1e-9));
        assertThat(hot.touch(2, 100)).isEqualTo(1);
    }

    @Test
    void lookingCountsNothing() {
        var hot = new HotPrefixes(4, 100);
        hot.touch(1, 0);
        hot.touch(1, 0);
        assertThat(hot.count(1, 0)).isEqualTo(2);
        assertThat(hot.count(1, 100)).isCloseTo(1, within(1e-9));
        assertThat(hot.count(2, 100)).isZero();
        assertThat(hot.touch(2, 100)).isEqualTo(1);
    }

    @Test
    void countsFadeForYears() {
        var hot = new HotPrefixes(4, 100);
        for (long halfLives = 0; halfLives < 5_000; halfLives += 50) {
            assertThat(hot.touch(1, 100 * halfLives)).isCloseTo(1, within(1e-9));
            assertThat(hot.touch(1, 100 * halfLives)).isCloseTo(2, within(1e-9));
        }
        assertThat(hot.touch(1, Long.MAX_VALUE / 2)).isEqualTo(1);
    }

    @Test
    void aNewPrefixTakesOverTheLowestCount() {
        var hot = new HotPrefixes(2, 100);
        hot.touch(1, 0);
        hot.touch(2, 0);
        hot.touch(2, 0);
        assertThat(hot.touch(3, 0)).isEqualTo(2);
        assertThat(hot.touch(2, 0)).isEqualTo(3);
    }

    /// Of n requests over k counters no count is too high by more than n / k.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void countsAreNeverTooLowAndNotMuchTooHigh(long seed) {
        var random = new SplittableRandom(seed);
        var hot = new HotPrefixes(8, 1e18);
        Map<Long, Integer> truth = new HashMap<>();
        for (int n = 1; n <= 400; n++) {
            long prefix = Math.min(random.nextInt(40), random.nextInt(40));
            int exact = truth.merge(prefix, 1, Integer::sum);
            assertThat(hot.touch(prefix, n)).isBetween(exact - 1e-6, exact + n / 8.0);
        }
    }
}
