package dev.stator.routing.load;

/// Time for sums whose parts count half after every half-life. Not thread-safe.
///
/// Instead of letting every sum fade, what is added weighs more the later it comes; a sum is worth
/// its weighted parts over the weight of now. So reading a thousand sums takes one power of two.
final class Fading {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double WEIGHT_MAX = 0x1p200;

    private final double halfLifeSeconds;
    private long epochNanos;

    Fading(double halfLifeSeconds, long nowNanos) {
        this.halfLifeSeconds = halfLifeSeconds;
        this.epochNanos = nowNanos;
    }

    double weight(long nowNanos) {
        double seconds = (nowNanos - epochNanos) / NANOS_PER_SECOND;
        return Math.pow(2, seconds / halfLifeSeconds);
    }

    /// By what all sums have to be multiplied; 1 nearly always.
    double rebase(long nowNanos) {
        double weight = weight(nowNanos);
        if (weight < WEIGHT_MAX) {
            return 1;
        }
        epochNanos = nowNanos;
        return 1 / weight;
    }

    /// A sum of what comes at a steady rate per second is that rate times so many seconds.
    double spanSeconds() {
        return halfLifeSeconds / Math.log(2);
    }
}
