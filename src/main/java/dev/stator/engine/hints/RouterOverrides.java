package dev.stator.engine.hints;

import java.util.Optional;
import java.util.OptionalDouble;

/// What the router is to do otherwise than configured, for one request. The names are Dynamo's.
///
/// @param overlapScoreCredit blocks of credit per cached block
/// @param prefillLoadScale weight of prefill blocks against decode blocks
/// @param temperature 0 selects the cheapest worker
/// @param sharedCacheMultiplier blocks of credit per block in a shared cache
/// @param assumeKvReuse whether blocks of equal content are counted once
/// @param trackPrefillTokens whether booked prefill counts
public record RouterOverrides(
        OptionalDouble overlapScoreCredit,
        OptionalDouble prefillLoadScale,
        OptionalDouble temperature,
        OptionalDouble sharedCacheMultiplier,
        Optional<Boolean> assumeKvReuse,
        Optional<Boolean> trackPrefillTokens) {

    public static final RouterOverrides NONE =
            new RouterOverrides(
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty());

    public RouterOverrides {
        requireNotNegative(overlapScoreCredit, "overlap_score_credit");
        requireNotNegative(prefillLoadScale, "prefill_load_scale");
        requireNotNegative(temperature, "router_temperature");
        requireNotNegative(sharedCacheMultiplier, "shared_cache_multiplier");
    }

    private static void requireNotNegative(OptionalDouble value, String name) {
        double given = value.orElse(0);
        if (!(given >= 0) || Double.isInfinite(given)) {
            throw new IllegalArgumentException(name + " must be finite, not negative: " + given);
        }
    }
}
