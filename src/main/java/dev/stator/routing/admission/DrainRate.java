package dev.stator.routing.admission;

import java.util.OptionalDouble;

/// How fast requests leave, in uncached tokens per second of waiting; what is long past counts
/// less.
final class DrainRate {
    /// After so long, what was seen counts for a third.
    private static final double MEMORY_SECONDS = 10;

    /// Less is not enough to tell a rate: the first to leave may be short, or have waited for a
    /// fleet that was just filled.
    private static final double SECONDS_MIN = 0.1;

    private static final int DEPARTURES_MIN = 4;

    private static final double NANOS_PER_SECOND = 1e9;

    private double tokens;
    private double seconds;
    private int departures; // up to the least that is enough
    private long seenNanos;

    /// Begins to count time.
    void begin(long nowNanos) {
        seenNanos = nowNanos;
    }

    /// So many tokens left.
    void left(long uncachedTokens, long nowNanos) {
        double kept = kept(nowNanos);
        seconds = seconds(kept);
        tokens = tokens * kept + uncachedTokens;
        departures = Math.min(DEPARTURES_MIN, departures + 1);
        seenNanos = nowNanos;
    }

    /// Empty while too little was seen.
    OptionalDouble tokensPerSecond(long nowNanos) {
        double kept = kept(nowNanos);
        double waited = seconds(kept);
        return waited < SECONDS_MIN || departures < DEPARTURES_MIN
                ? OptionalDouble.empty()
                : OptionalDouble.of(tokens * kept / waited);
    }

    private double kept(long nowNanos) {
        double elapsed = Math.max(0, nowNanos - seenNanos) / NANOS_PER_SECOND;
        return Math.exp(-elapsed / MEMORY_SECONDS);
    }

    private double seconds(double kept) {
        return seconds * kept + MEMORY_SECONDS * (1 - kept);
    }
}
