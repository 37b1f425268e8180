package dev.stator.replay.load.plan;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// When requests that wait for nobody are due, in nanoseconds since the run began, ascending.
public final class Arrivals {
    private static final double NANOS = 1e9;

    private Arrivals() {}

    /// One every `1 / perSecond` seconds, the first at once. The times do not drift.
    public static LongSupplier constant(double perSecond) {
        requirePositive(perSecond);
        var count = new long[1];
        return () -> Math.round(count[0]++ * NANOS / perSecond);
    }

    /// A Poisson process: gaps are independent and exponential.
    public static LongSupplier poisson(double perSecond, RandomGenerator random) {
        requirePositive(perSecond);
        var seconds = new double[1];
        return () -> {
            seconds[0] += random.nextExponential() / perSecond;
            return Math.round(seconds[0] * NANOS);
        };
    }

    private static void requirePositive(double perSecond) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("rate must be positive: " + perSecond);
        }
    }
}
