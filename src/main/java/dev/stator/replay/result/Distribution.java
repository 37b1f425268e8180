package dev.stator.replay.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Measured values by their quantiles.
///
/// @param count of values; the rest is 0 when there are none
/// @param curve values at equally spaced quantiles from 0 to 1, for a plot
public record Distribution(
        int count,
        double mean,
        double p50,
        double p90,
        double p99,
        double max,
        List<Double> curve) {

    /// Points of a curve: steps of half a percent.
    public static final int CURVE_POINTS = 201;

    public static final Distribution EMPTY = new Distribution(0, 0, 0, 0, 0, 0, List.of());

    public Distribution {
        curve = List.copyOf(curve);
    }

    /// Of the first `count` values, which it sorts.
    public static Distribution of(double[] values, int count) {
        if (count == 0) {
            return EMPTY;
        }
        Arrays.sort(values, 0, count);
        var curve = new ArrayList<Double>(CURVE_POINTS);
        for (int i = 0; i < CURVE_POINTS; i++) {
            curve.add(quantile(values, count, (double) i / (CURVE_POINTS - 1)));
        }
        return new Distribution(
                count,
                Arrays.stream(values, 0, count).sum() / count,
                quantile(values, count, 0.5),
                quantile(values, count, 0.9),
                quantile(values, count, 0.99),
                values[count - 1],
                curve);
    }

    private static double quantile(double[] sorted, int count, double quantile) {
        return sorted[Math.min(count - 1, (int) (quantile * count))];
    }
}
