package dev.stator.replay.load.result;

import java.util.ArrayList;
import java.util.List;

/// A distribution of durations in nanoseconds, exact to 0.4 %, of fixed size. Thread-safe.
///
/// Log-linear: below 512 ns a bucket per nanosecond, above 256 buckets per power of two. Durations
/// of more than a day count as a day.
public final class LatencyHistogram {
    private static final int BITS = 8;
    private static final int LINEAR = 1 << (BITS + 1);
    private static final long NANOS_MAX = 86_400_000_000_000L;

    private final long[] counts = new long[bucket(NANOS_MAX) + 1]; // guarded by this
    private long count; // guarded by this
    private long max; // guarded by this
    private double sum; // guarded by this

    /// A point of the cumulative distribution.
    ///
    /// @param fraction of all durations that are not longer
    public record Point(long nanos, double fraction) {}

    /// Negative durations count as 0.
    public synchronized void record(long nanos) {
        long value = Math.clamp(nanos, 0, NANOS_MAX);
        counts[bucket(value)]++;
        count++;
        sum += value;
        max = Math.max(max, value);
    }

    public synchronized long count() {
        return count;
    }

    /// 0 when nothing was recorded, as for the other figures.
    public synchronized long maxNanos() {
        return max;
    }

    public synchronized double meanNanos() {
        return count == 0 ? 0 : sum / count;
    }

    /// The shortest duration that `quantile` of all, in `[0, 1]`, do not exceed.
    public synchronized long quantileNanos(double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * count));
        long passed = 0;
        for (int i = 0; i < counts.length; i++) {
            passed += counts[i];
            if (passed >= rank) {
                return Math.min(upper(i), max);
            }
        }
        return max;
    }

    /// The cumulative distribution, a point for each bucket in use.
    public synchronized List<Point> distribution() {
        List<Point> points = new ArrayList<>();
        long passed = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                passed += counts[i];
                points.add(new Point(Math.min(upper(i), max), (double) passed / count));
            }
        }
        return points;
    }

    /// What has been recorded so far, as a histogram of its own.
    public synchronized LatencyHistogram copy() {
        var copy = new LatencyHistogram();
        System.arraycopy(counts, 0, copy.counts, 0, counts.length);
        copy.count = count;
        copy.max = max;
        copy.sum = sum;
        return copy;
    }

    /// The largest value of a bucket.
    private static long upper(int bucket) {
        if (bucket < LINEAR) {
            return bucket;
        }
        int shift = (bucket >> BITS) - 1;
        long low = (long) (bucket - (shift << BITS)) << shift;
        return low + (1L << shift) - 1;
    }

    private static int bucket(long value) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - (BITS + 1));
        return (shift << BITS) + (int) (value >>> shift);
    }
}
