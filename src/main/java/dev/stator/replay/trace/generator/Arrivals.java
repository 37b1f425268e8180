package dev.stator.replay.trace.generator;

import java.util.random.RandomGenerator;

/// Arrivals that know nothing of each other, and lengths as people produce them.
final class Arrivals {
    private static final double NANOS_PER_SECOND = 1e9;

    private final RandomGenerator random;
    private final double perSecond;
    private double seconds;

    Arrivals(RandomGenerator random, double perSecond) {
        this.random = random;
        this.perSecond = perSecond;
    }

    /// The next arrival of a Poisson process, in seconds.
    double nextSeconds() {
        seconds += random.nextExponential() / perSecond;
        return seconds;
    }

    static long nanos(double seconds) {
        return Math.round(seconds * NANOS_PER_SECOND);
    }

    /// A log-normal number of tokens, at least one.
    ///
    /// @param sigma of the logarithm
    static int tokens(RandomGenerator random, double mean, double sigma) {
        double drawn = Math.exp(Math.log(mean) - sigma * sigma / 2 + sigma * random.nextGaussian());
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 2, Math.round(drawn)));
    }

    /// Throws `IllegalArgumentException` unless both are.
    static void requirePositive(double requestsPerSecond, double seconds) {
        if (!(requestsPerSecond > 0) || !(seconds > 0)) {
            throw new IllegalArgumentException(
                    "rate and seconds must be positive: %s, %s"
                            .formatted(requestsPerSecond, seconds));
        }
    }
}
