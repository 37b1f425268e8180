package dev.stator.launch.cli.options;

import dev.stator.launch.fleet.CacheKnowledge;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;

/// The flags for how a router knows what workers have cached, by Dynamo's names.
public final class CacheOptions {

    @Option(
            names = "--router-kv-events",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = {
                "Follow the workers' KV events; without, guess from own decisions",
                "(default: true)."
            })
    private boolean usesEvents = true;

    @Option(
            names = "--router-predicted-ttl-secs",
            paramLabel = "S",
            description = "Own decisions count S seconds besides events (default: not at all).")
    private @Nullable Double predictedTtl;

    @Option(
            names = "--router-ttl-secs",
            defaultValue = "120.0",
            paramLabel = "S",
            description = "How long a guess counts (default: 120.0).")
    private double ttl = 120;

    @Option(
            names = "--router-approximate-cache-policy",
            defaultValue = "ttl",
            paramLabel = "POLICY",
            description = "When guesses end: ttl, or lru: with the worker full (default: ttl).")
    private String policy = "ttl";

    @Mixin private final IndexOptions index = new IndexOptions();

    /// @param isLoadOnly whether what is cached does not count
    CacheKnowledge toKnowledge(boolean isLoadOnly) {
        Optional<Duration> guess = guessTtl();
        long bytesMax = index.bytesMax();
        if (isLoadOnly) {
            return new CacheKnowledge.None();
        }
        return usesEvents
                ? new CacheKnowledge.ByEvents(
                        Optional.ofNullable(predictedTtl).map(CacheOptions::seconds), bytesMax)
                : new CacheKnowledge.ByDecisions(guess, bytesMax);
    }

    private Optional<Duration> guessTtl() {
        return switch (policy) {
            case "ttl" -> Optional.of(seconds(ttl));
            case "lru" -> Optional.empty();
            default ->
                    throw new IllegalArgumentException(
                            "router-approximate-cache-policy must be ttl or lru: \""
                                    + policy
                                    + "\"");
        };
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
