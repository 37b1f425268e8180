package dev.stator.routing.hints;

import java.util.Optional;
import java.util.OptionalDouble;

/// Figures of the router's configuration that one request sets for itself; absent ones stay.
public record ConfigOverrides(
        OptionalDouble overlapScoreCredit,
        OptionalDouble prefillLoadScale,
        OptionalDouble temperature,
        OptionalDouble sharedCacheMultiplier,
        Optional<Boolean> assumeKvReuse,
        Optional<Boolean> trackPrefillTokens) {

    public static final ConfigOverrides NONE =
            new ConfigOverrides(
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    Optional.empty(),
                    Optional.empty());
}
