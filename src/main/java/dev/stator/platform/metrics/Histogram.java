package dev.stator.platform.metrics;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;

/// A distribution of values.
public final class Histogram {
    private final DistributionDataPoint point;

    Histogram(DistributionDataPoint point) {
        this.point = point;
    }

    public void observe(double value) {
        point.observe(value);
    }
}
