package dev.stator.routing.cost;

import java.util.OptionalDouble;

/// The weights of Dynamo's cost function; names and defaults are Dynamo's.
///
/// @param overlapScoreCredit blocks of credit per cached block, in [0, 1] as a rule
/// @param overlapScoreCreditDecay how fast the credit fades on a worker with more queued prefill
///     than the least loaded one; 0 for not at all
/// @param hostCacheHitWeight blocks of credit per block in host memory
/// @param diskCacheHitWeight blocks of credit per block on disk
/// @param prefillLoadScale weight of prefill blocks against decode blocks
/// @param decodeActiveRequestWeight blocks charged per active request
public record BlockPrices(
        double overlapScoreCredit,
        double overlapScoreCreditDecay,
        double hostCacheHitWeight,
        double diskCacheHitWeight,
        double prefillLoadScale,
        double decodeActiveRequestWeight) {

    public static final BlockPrices DEFAULT = new BlockPrices(1, 0, 0.75, 0.25, 1, 0);

    public BlockPrices {
        requireNotNegative(overlapScoreCredit, "router-kv-overlap-score-credit");
        requireNotNegative(overlapScoreCreditDecay, "router-kv-overlap-score-credit-decay");
        requireNotNegative(hostCacheHitWeight, "router-host-cache-hit-weight");
        requireNotNegative(diskCacheHitWeight, "router-disk-cache-hit-weight");
        requireNotNegative(prefillLoadScale, "router-prefill-load-scale");
        requireNotNegative(decodeActiveRequestWeight, "router-decode-active-request-weight");
    }

    /// The same with other figures where they are given.
    public BlockPrices with(OptionalDouble credit, OptionalDouble prefillScale) {
        return new BlockPrices(
                credit.orElse(overlapScoreCredit),
                overlapScoreCreditDecay,
                hostCacheHitWeight,
                diskCacheHitWeight,
                prefillScale.orElse(prefillLoadScale),
                decodeActiveRequestWeight);
    }

    private static void requireNotNegative(double value, String key) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(key + " must be finite, not negative: " + value);
        }
    }
}
