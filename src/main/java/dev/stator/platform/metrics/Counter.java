package dev.stator.platform.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;

/// A count that only grows.
public final class Counter {
    private final CounterDataPoint point;

    Counter(CounterDataPoint point) {
        this.point = point;
    }

    public void increment() {
        point.inc();
    }

    /// Throws `IllegalArgumentException` when `amount` is negative.
    public void add(long amount) {
        point.inc(amount);
    }

    public long value() {
        return (long) point.get();
    }
}
