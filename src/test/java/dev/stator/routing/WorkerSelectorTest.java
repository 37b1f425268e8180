package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class WorkerSelectorTest {
    private static final int DRAWS = 20_000;

    @Test
    void theCheapestIsSelected() {
        assertThat(shares(RoutingMode.KV, 0, 3, 1, 2)).containsExactly(0, 1, 0);
    }

    @Test
    void equalCostsAreEquallyLikely() {
        double[] shares = shares(RoutingMode.KV, 0, 5, 1, 1, 7, 1);

        assertThat(shares[0] + shares[3]).isZero();
        assertThat(shares[1]).isCloseTo(1 / 3.0, within(0.02));
        assertThat(shares[2]).isCloseTo(1 / 3.0, within(0.02));
    }

    @Test
    void temperatureSpreadsByTheSoftmaxOfTheNormalisedCosts() {
        double[] shares = shares(RoutingMode.KV, 0.5, 10, 12, 20);

        // exp(-0/0.5), exp(-0.2/0.5), exp(-1/0.5), over their sum
        assertThat(shares[0]).isCloseTo(0.553816, within(0.02));
        assertThat(shares[1]).isCloseTo(0.371234, within(0.02));
        assertThat(shares[2]).isCloseTo(0.074951, within(0.02));
    }

    @Test
    void temperatureOverEqualCostsIsUniform() {
        double[] shares = shares(RoutingMode.KV, 0.5, 4, 4);

        assertThat(shares[0]).isCloseTo(0.5, within(0.02));
    }

    @Test
    void roundRobinTakesTurns() {
        var selector = new WorkerSelector(RoutingMode.ROUND_ROBIN, new SplittableRandom(1));

        assertThat(
                        IntStream.range(0, 5)
                                .map(_ -> selector.select(new double[] {9, 1}, new int[2], 0))
                                .toArray())
                .containsExactly(0, 1, 0, 1, 0);
    }

    @Test
    void randomIgnoresCostAndLoad() {
        double[] shares = shares(RoutingMode.RANDOM, 0, 1, 100);

        assertThat(shares[0]).isCloseTo(0.5, within(0.02));
    }

    @Test
    void ofTwoDrawnTheLessLoadedWins() {
        double[] shares = loadShares(RoutingMode.POWER_OF_TWO, 0, 5, 9);

        // pairs {0,1} {0,2} {1,2}: the most loaded never wins
        assertThat(shares[0]).isCloseTo(2 / 3.0, within(0.02));
        assertThat(shares[1]).isCloseTo(1 / 3.0, within(0.02));
        assertThat(shares[2]).isZero();
        assertThat(loadShares(RoutingMode.POWER_OF_TWO, 4)).containsExactly(1);
    }

    @Test
    void theLeastLoadedIsSelected() {
        double[] shares = loadShares(RoutingMode.LEAST_LOADED, 2, 1, 1);

        assertThat(shares[0]).isZero();
        assertThat(shares[1]).isCloseTo(0.5, within(0.02));
    }

    private static double[] shares(RoutingMode mode, double temperature, double... costs) {
        return shares(mode, temperature, costs, new int[costs.length]);
    }

    private static double[] loadShares(RoutingMode mode, int... requests) {
        return shares(mode, 0, new double[requests.length], requests);
    }

    private static double[] shares(
            RoutingMode mode, double temperature, double[] costs, int[] requests) {
        var selector = new WorkerSelector(mode, new SplittableRandom(7));
        var shares = new double[costs.length];
        for (int i = 0; i < DRAWS; i++) {
            shares[selector.select(costs, requests, temperature)] += 1.0 / DRAWS;
        }
        return Arrays.stream(shares).map(it -> Math.round(it * 1e6) / 1e6).toArray();
    }
}
