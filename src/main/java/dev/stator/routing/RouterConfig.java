package dev.stator.routing;

import dev.stator.routing.affinity.AffinityConfig;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.load.Tracking;

import java.util.Optional;

/// How a router prices and selects.
///
/// @param costModel what the mode `kv` compares workers by
/// @param temperature 0 selects the cheapest; higher values spread
/// @param tracking what of a request is charged to its worker
/// @param busy when a worker gets no further request, until that is changed
/// @param affinity how sessions stay with their workers; absent for not at all
/// @param deviceThroughputRatio how many workers on processors one on another device is worth, in
///     the mode `device-aware-weighted`
public record RouterConfig(
        RoutingMode mode,
        CostModel costModel,
        double temperature,
        Tracking tracking,
        BusyThresholds busy,
        Optional<AffinityConfig> affinity,
        int deviceThroughputRatio) {

    /// Dynamo's.
    public static final int DEVICE_THROUGHPUT_RATIO = 8;

    public static final RouterConfig DEFAULT =
            new RouterConfig(
                    RoutingMode.KV,
                    new CostModel.Time(TimePrices.DEFAULT),
                    0.0,
                    Tracking.DEFAULT,
                    BusyThresholds.NONE,
                    Optional.empty(),
                    DEVICE_THROUGHPUT_RATIO);

    public RouterConfig {
        requireNotNegative(temperature, "router-temperature");
        if (deviceThroughputRatio < 1) {
            throw new IllegalArgumentException(
                    "encoder-cuda-to-cpu-ratio must be positive: " + deviceThroughputRatio);
        }
    }

    public RouterConfig withMode(RoutingMode newMode) {
        return new RouterConfig(
                newMode, costModel, temperature, tracking, busy, affinity, deviceThroughputRatio);
    }

    public RouterConfig withCostModel(CostModel newModel) {
        return new RouterConfig(
                mode, newModel, temperature, tracking, busy, affinity, deviceThroughputRatio);
    }

    public RouterConfig withBusy(BusyThresholds newBusy) {
        return new RouterConfig(
                mode, costModel, temperature, tracking, newBusy, affinity, deviceThroughputRatio);
    }

    public RouterConfig withTracking(Tracking newTracking) {
        return new RouterConfig(
                mode, costModel, temperature, newTracking, busy, affinity, deviceThroughputRatio);
    }

    public RouterConfig withAffinity(AffinityConfig newAffinity) {
        return new RouterConfig(
                mode,
                costModel,
                temperature,
                tracking,
                busy,
                Optional.of(newAffinity),
                deviceThroughputRatio);
    }

    public RouterConfig withDeviceThroughputRatio(int ratio) {
        return new RouterConfig(mode, costModel, temperature, tracking, busy, affinity, ratio);
    }

    private static void requireNotNegative(double value, String key) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(key + " must be finite, not negative: " + value);
        }
    }
}
