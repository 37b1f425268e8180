package dev.stator.platform.metrics;

import io.prometheus.metrics.core.datapoints.GaugeDataPoint;

/// A value that goes up and down.
public final class Gauge {
    private final GaugeDataPoint point;

    Gauge(GaugeDataPoint point) {
        this.point = point;
    }

    public void set(double value) {
        point.set(value);
    }

    public void increment() {
        point.inc();
    }

    public void decrement() {
        point.dec();
    }

    public double value() {
        return point.get();
    }
}
