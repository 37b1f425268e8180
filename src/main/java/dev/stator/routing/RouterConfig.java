package dev.stator.routing;

import dev.stator.routing.affinity.AffinityConfig;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.load.Tracking;
import dev.stator.routing.load.WorkerLoad;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// How a router prices and selects.
///
/// @param costModel what the mode `kv` compares workers by
/// @param temperature 0 selects the cheapest; higher values spread
/// @param tracking what of a request is charged to its worker
/// @param busy when a worker gets no further request
/// @param affinity how sessions stay with their workers; absent for not at all
public record RouterConfig(
        RoutingMode mode,
        CostModel costModel,
        double temperature,
        Tracking tracking,
        BusyThresholds busy,
        Optional<AffinityConfig> affinity) {

    public static final RouterConfig DEFAULT =
            new RouterConfig(
                    RoutingMode.KV,
                    new CostModel.Time(TimePrices.DEFAULT),
                    0.0,
                    Tracking.DEFAULT,
                    BusyThresholds.NONE,
                    Optional.empty());

    public RouterConfig {
        requireNotNegative(temperature, "router-temperature");
    }

    public RouterConfig withMode(RoutingMode newMode) {
        return new RouterConfig(newMode, costModel, temperature, tracking, busy, affinity);
    }

    public RouterConfig withCostModel(CostModel newModel) {
        return new RouterConfig(mode, newModel, temperature, tracking, busy, affinity);
    }

    public RouterConfig withBusy(BusyThresholds newBusy) {
        return new RouterConfig(mode, costModel, temperature, tracking, newBusy, affinity);
    }

    public RouterConfig withTracking(Tracking newTracking) {
        return new RouterConfig(mode, costModel, temperature, newTracking, busy, affinity);
    }

    public RouterConfig withAffinity(AffinityConfig newAffinity) {
        return new RouterConfig(
                mode, costModel, temperature, tracking, busy, Optional.of(newAffinity));
    }

    private static void requireNotNegative(double value, String key) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(key + " must be finite, not negative: " + value);
        }
    }

    /// When a worker is busy. Absent thresholds never hold.
    ///
    /// @param activeDecodeBlocks more than this fraction of its blocks is booked
    /// @param activePrefillTokens more than so many booked tokens wait for their prefill
    /// @param retryAfter what callers are told when every worker is busy
    public record BusyThresholds(
            OptionalDouble activeDecodeBlocks,
            OptionalLong activePrefillTokens,
            Duration retryAfter) {

        public static final BusyThresholds NONE =
                new BusyThresholds(
                        OptionalDouble.empty(), OptionalLong.empty(), Duration.ofSeconds(1));

        public BusyThresholds {
            if (activeDecodeBlocks.isPresent()) {
                requireNotNegative(
                        activeDecodeBlocks.getAsDouble(), "active-decode-blocks-threshold");
            }
            if (activePrefillTokens.isPresent()) {
                requireNotNegative(
                        (double) activePrefillTokens.getAsLong(),
                        "active-prefill-tokens-threshold");
            }
        }

        boolean isBusy(WorkerLoad load, RoutingQuery.Candidate candidate) {
            double blocksMax =
                    activeDecodeBlocks.orElse(Double.POSITIVE_INFINITY) * candidate.totalBlocks();
            return load.prefillTokens() > activePrefillTokens.orElse(Long.MAX_VALUE)
                    || load.activeBlocks() > blocksMax;
        }
    }
}
