package dev.stator.replay.load.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

class LatencyHistogramTest {
    private static final double ERROR = 0.004;

    /// Against sorting, over seven orders of magnitude.
    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void quantilesAreThoseOfTheSortedValues(long seed) {
        var random = new SplittableRandom(seed);
        long[] values =
                random.doubles(1 + random.nextInt(2_000), 0, 16)
                        .mapToLong(it -> (long) Math.exp(it * Math.log(7)))
                        .toArray();
        var histogram = new LatencyHistogram();
        Arrays.stream(values).forEach(histogram::record);
        Arrays.sort(values);

        for (double quantile : new double[] {0, 0.5, 0.9, 0.99, 1}) {
            int rank = Math.max(1, (int) Math.ceil(quantile * values.length));
            double exact = values[rank - 1];
            assertThat((double) histogram.quantileNanos(quantile))
                    .isCloseTo(exact, within(exact * ERROR))
                    .isGreaterThanOrEqualTo(exact);
        }
        assertThat(histogram.maxNanos()).isEqualTo(values[values.length - 1]);
        assertThat(histogram.meanNanos())
                .isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1.0));
    }

    @Test
    void theDistributionEndsAtOneWithTheLongest() {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 4; i++) {
            histogram.record(i * 100L);
        }

        assertThat(histogram.distribution())
                .containsExactly(
                        new LatencyHistogram.Point(100, 0.25),
                        new LatencyHistogram.Point(200, 0.5),
                        new LatencyHistogram.Point(300, 0.75),
                        new LatencyHistogram.Point(400, 1));
    }

    @Test
    void nothingRecordedIsZeroAndExtremesAreCut() {
        var histogram = new LatencyHistogram();
        assertThat(histogram.quantileNanos(0.5)).isZero();
        assertThat(histogram.distribution()).isEqualTo(List.of());

        histogram.record(-5);
        histogram.record(Long.MAX_VALUE);

        assertThat(histogram.quantileNanos(0.5)).isZero();
        assertThat(histogram.maxNanos()).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    void aCopyStaysAsItWas() {
        var histogram = new LatencyHistogram();
        histogram.record(7);
        LatencyHistogram copy = histogram.copy();
        histogram.record(9);

        assertThat(copy.count()).isEqualTo(1);
        assertThat(copy.maxNanos()).isEqualTo(7);
        assertThat(copy.meanNanos()).isEqualTo(7);
        assertThat(copy.quantileNanos(1)).isEqualTo(7);
    }
}
