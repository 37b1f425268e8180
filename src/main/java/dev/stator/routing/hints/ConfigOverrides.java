package dev.stator.routing.hints;

import java.util.Optional;
import java.util.OptionalDouble;

/// Figures of the router's configuration that one request, or its class, sets for itself; absent
/// ones stay.
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

    /// These, and others where these are absent.
    public ConfigOverrides or(ConfigOverrides others) {
        return new ConfigOverrides(
                or(overlapScoreCredit, others.overlapScoreCredit),
                or(prefillLoadScale, others.prefillLoadScale),
                or(temperature, others.temperature),
                or(sharedCacheMultiplier, others.sharedCacheMultiplier),
                assumeKvReuse.or(() -> others.assumeKvReuse),
                trackPrefillTokens.or(() -> others.trackPrefillTokens));
    }

    private static OptionalDouble or(OptionalDouble one, OptionalDouble other) {
        return one.isPresent() ? one : other;
    }
}
