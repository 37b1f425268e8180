package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class ShortlistTest {

    @Test
    void fewAreAllKept() {
        assertThat(Shortlist.kept(new double[] {3, 1, 2}, 0, 0)).containsExactly(1, 2, 0);
        assertThat(Shortlist.kept(new double[] {3}, 0, 0)).containsExactly(0);
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void theCheapestAreKeptAndTheSelectedOneAndTheBestHolder(long seed) {
        var random = new SplittableRandom(seed);
        double[] prices = random.doubles(1 + random.nextInt(40)).toArray();
        int selected = random.nextInt(prices.length);
        int holder = random.nextInt(prices.length);
        int[] cheapest = sorted(IntStream.range(0, prices.length), prices);
        int[] first = Arrays.copyOf(cheapest, Math.min(Shortlist.CHEAPEST_MAX, cheapest.length));

        assertThat(Shortlist.kept(prices, selected, holder))
                .isEqualTo(
                        sorted(
                                IntStream.concat(
                                                IntStream.of(first), IntStream.of(selected, holder))
                                        .distinct(),
                                prices));
    }

    private static int[] sorted(IntStream positions, double[] prices) {
        return positions
                .boxed()
                .sorted(Comparator.comparingDouble(i -> prices[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
