package dev.stator.routing.rebalance;

import dev.stator.tokens.LongMap;

/// How often prefixes were asked for lately. Not thread-safe.
///
/// A counter per prefix, bounded in number: a new prefix takes over the counter that is lowest, and
/// its count (Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements
/// in data streams, ICDT 2005). So a count is never too low, and too high by at most the lowest
/// one. Counts halve with time.
final class HotPrefixes {
    private final int countersMax;
    private final double halfLifeNanos;
    private final LongMap<Counter> counters = new LongMap<>(); // by sequence hash

    private static final class Counter {
        private double count;
        private long sinceNanos;
    }

    HotPrefixes(int countersMax, double halfLifeNanos) {
        this.countersMax = countersMax;
        this.halfLifeNanos = halfLifeNanos;
    }

    /// Counts one request and returns how many there were lately, this one included.
    double touch(long prefix, long nowNanos) {
        Counter counter = counters.get(prefix);
        if (counter == null) {
            counter = counters.size() < countersMax ? new Counter() : takeLowest(nowNanos);
            counters.put(prefix, counter);
        }
        counter.count = faded(counter, nowNanos) + 1;
        counter.sinceNanos = nowNanos;
        return counter.count;
    }

    private Counter takeLowest(long nowNanos) {
        var lowest = new Lowest(nowNanos);
        counters.forEach(lowest::see);
        counters.remove(lowest.prefix);
        return lowest.counter;
    }

    private double faded(Counter counter, long nowNanos) {
        return counter.count * Math.pow(2, -(nowNanos - counter.sinceNanos) / halfLifeNanos);
    }

    private final class Lowest {
        private final long nowNanos;
        private long prefix;
        private Counter counter = new Counter();
        private double count = Double.POSITIVE_INFINITY;

        Lowest(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        void see(long candidate, Counter seen) {
            double current = faded(seen, nowNanos);
            if (current < count) {
                prefix = candidate;
                counter = seen;
                count = current;
            }
        }
    }
}
