package dev.stator.routing.load;

/// Time for sums whose parts count half after every half-life. Not thread-safe.
///
/// Instead of letting every sum fade, what is added weighs more the later it comes; a sum is worth
/// its weighted parts over the weight of now. So reading a thousand sums takes one power of two.
public final class Fading {

    /// From this weight on all sums are to be divided by it, and time begins anew.
    public static final double WEIGHT_MAX = 0x1p200;

    private static final double NANOS_PER_SECOND = 1e9;

    private final double halfLifeSeconds;
    private final long beginNanos;
    private long epochNanos;

    public Fading(double halfLifeSeconds, long nowNanos) {
        this.halfLifeSeconds = halfLifeSeconds;
        this.beginNanos = nowNanos;
        this.epochNanos = nowNanos;
    }

    /// What is added now weighs, and what a sum of now is divided by.
    public double weight(long nowNanos) {
        double seconds = (nowNanos - epochNanos) / NANOS_PER_SECOND;
        return Math.pow(2, seconds / halfLifeSeconds);
    }

    /// What is added now weighs 1.
    public void begin(long nowNanos) {
        epochNanos = nowNanos;
    }

    /// A sum of what has come at a steady rate per second since the beginning is that rate times
    /// so many seconds.
    public double spanSeconds(long nowNanos) {
        double seconds = (nowNanos - beginNanos) / NANOS_PER_SECOND;
        return (1 - Math.pow(2, -seconds / halfLifeSeconds)) * halfLifeSeconds / Math.log(2);
    }
}
