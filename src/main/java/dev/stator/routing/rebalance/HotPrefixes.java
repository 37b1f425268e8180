package dev.stator.routing.rebalance;

import dev.stator.routing.load.Fading;
import dev.stator.tokens.LongMap;

/// How often prefixes were asked for lately. Not thread-safe.
///
/// A counter per prefix, bounded in number: a new prefix takes over the counter that is lowest, and
/// its count (Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements
/// in data streams, ICDT 2005). So a count is never too low, and too high by at most the lowest
/// one. Counts halve with time.
final class HotPrefixes {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int countersMax;
    private final Fading fading;
    private final LongMap<Counter> counters = new LongMap<>(); // by sequence hash

    private static final class Counter {
        private double count; // weighted by the moments of its requests
    }

    HotPrefixes(int countersMax, double halfLifeNanos) {
        this.countersMax = countersMax;
        this.fading = new Fading(halfLifeNanos / NANOS_PER_SECOND, 0);
    }

    /// Counts one request and returns how many there were lately, this one included.
    double touch(long prefix, long nowNanos) {
        double weight = weight(nowNanos);
        Counter counter = counters.get(prefix);
        if (counter == null) {
            counter = counters.size() < countersMax ? new Counter() : takeLowest();
            counters.put(prefix, counter);
        }
        counter.count += weight;
        return counter.count / weight;
    }

    /// How many requests there were lately, 0 for a prefix that has no counter.
    double count(long prefix, long nowNanos) {
        double weight = weight(nowNanos); // may scale the counters
        Counter counter = counters.get(prefix);
        return counter == null ? 0 : counter.count / weight;
    }

    private double weight(long nowNanos) {
        if (counters.isEmpty()) {
            fading.begin(nowNanos);
        }
        double weight = fading.weight(nowNanos);
        if (weight < Fading.WEIGHT_MAX) {
            return weight;
        }
        counters.forEach((_, counter) -> counter.count /= weight);
        fading.begin(nowNanos);
        return 1;
    }

    private Counter takeLowest() {
        var lowest = new Lowest();
        counters.forEach(lowest::see);
        counters.remove(lowest.prefix);
        return lowest.counter;
    }

    private static final class Lowest {
        private long prefix;
        private Counter counter = new Counter();
        private double count = Double.POSITIVE_INFINITY;

        void see(long candidate, Counter seen) {
            if (seen.count < count) {
                prefix = candidate;
                counter = seen;
                count = seen.count;
            }
        }
    }
}
