package dev.stator.routing.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.SplittableRandom;

class RegressionTest {

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void learnsWeightsThatAreFarFromThePriorWithinAHundredNoisyObservations(long seed) {
        var random = new SplittableRandom(seed);
        double[] truth = {0.02 * random.nextDouble(0.1, 10), 1e-4 * random.nextDouble(0.1, 10)};
        var regression = new Regression(0.02, 1e-4);
        for (int i = 0; i < 100; i++) {
            double tokens = Math.exp(random.nextDouble(3, 10));
            double noise = random.nextDouble(0.9, 1.1);
            regression.observe((truth[0] + truth[1] * tokens) * noise, 1, tokens);
        }

        for (double tokens : new double[] {50, 1_000, 20_000}) {
            double expected = truth[0] + truth[1] * tokens;
            assertThat(regression.predict(1, tokens)).isCloseTo(expected, within(0.15 * expected));
        }
    }

    @Test
    void aWeightThatNothingSpeaksAboutStaysAsItWas() {
        var regression = new Regression(0.02, 1e-4);
        for (int i = 0; i < 100_000; i++) {
            regression.observe(0.04, 1, 0);
        }

        assertThat(regression.weight(0)).isCloseTo(0.04, within(1e-3));
        assertThat(regression.weight(1)).isEqualTo(1e-4);
    }

    /// A stage of load in which more requests went with shorter times, then a step to many more:
    /// the slope wants to be negative, which it may not be.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void aWeightThatMayNotFallFurtherDoesNotDriveTheOthersAway(long seed) {
        var random = new SplittableRandom(seed);
        var regression = new Regression(0.02, 5e-4);
        for (int i = 0; i < 100; i++) {
            double requests = random.nextDouble(41, 48);
            regression.observe(0.030 - 3e-4 * (requests - 44.5), 1, requests);
        }
        double worst = 0;
        for (int i = 0; i < 600; i++) {
            double far = Math.min(1, i / 300.0);
            double requests = 60 + 25 * far + random.nextDouble(-6, 6);
            double seconds = (0.025 + 0.007 * far) * random.nextDouble(0.98, 1.02);
            regression.observe(seconds, 1, requests);
            worst = Math.max(worst, regression.predict(1, requests) / seconds);
        }

        assertThat(worst).isLessThan(2);
    }

    @Test
    void oneStalledRequestTeachesLittle() {
        var regression = new Regression(0.02);
        for (int i = 0; i < 100; i++) {
            regression.observe(0.02, 1);
        }
        regression.observe(3_600, 1);

        assertThat(regression.predict(1)).isLessThan(0.03);
    }

    @Test
    void noPredictionEverReachesZero() {
        var regression = new Regression(0.02, 1e-4);
        for (int i = 0; i < 1_000; i++) {
            regression.observe(0, 1, i);
        }

        assertThat(regression.predict(1, 0)).isPositive();
    }

    @Test
    void followsAWorkerThatBecameFaster() {
        var regression = new Regression(0.02);
        for (int i = 0; i < 5_000; i++) {
            regression.observe(0.2, 1);
        }
        for (int i = 0; i < 1_500; i++) {
            regression.observe(0.1, 1);
        }

        assertThat(regression.predict(1)).isCloseTo(0.1, within(0.01));
    }
}
