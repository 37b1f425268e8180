package dev.stator.routing;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// How a router prices and selects; the names and defaults are Dynamo's.
///
/// @param overlapScoreCredit blocks of credit per cached block, in [0, 1] as a rule
/// @param overlapScoreCreditDecay how fast the credit fades on a worker with more queued prefill
///     than the least loaded one; 0 for not at all
/// @param prefillLoadScale weight of prefill blocks against decode blocks
/// @param decodeActiveRequestWeight blocks charged per active request
/// @param temperature 0 selects the cheapest; higher values spread
/// @param trackOutputBlocks whether produced tokens count as decode blocks
/// @param busy when a worker gets no further request
public record RouterConfig(
        RoutingMode mode,
        double overlapScoreCredit,
        double overlapScoreCreditDecay,
        double prefillLoadScale,
        double decodeActiveRequestWeight,
        double temperature,
        boolean trackOutputBlocks,
        BusyThresholds busy) {

    public static final RouterConfig DEFAULT =
            new RouterConfig(RoutingMode.KV, 1.0, 0.0, 1.0, 0.0, 0.0, false, BusyThresholds.NONE);

    public RouterConfig {
        requireNotNegative(overlapScoreCredit, "router-kv-overlap-score-credit");
        requireNotNegative(overlapScoreCreditDecay, "router-kv-overlap-score-credit-decay");
        requireNotNegative(prefillLoadScale, "router-prefill-load-scale");
        requireNotNegative(decodeActiveRequestWeight, "router-decode-active-request-weight");
        requireNotNegative(temperature, "router-temperature");
    }

    public RouterConfig withMode(RoutingMode newMode) {
        return new RouterConfig(
                newMode,
                overlapScoreCredit,
                overlapScoreCreditDecay,
                prefillLoadScale,
                decodeActiveRequestWeight,
                temperature,
                trackOutputBlocks,
                busy);
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
