package dev.stator.launch.cli.options;

import dev.stator.routing.affinity.AffinityConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;

/// The flags for sessions that stay with their workers, by Dynamo's names.
public final class AffinityOptions {

    @Option(
            names = "--router-session-affinity-ttl-secs",
            paramLabel = "S",
            description = {
                "Sessions stay with their worker until S seconds after their last request",
                "(default: they do not)."
            })
    private @Nullable Double ttl;

    @Option(
            names = "--router-session-affinity-mode",
            defaultValue = "hard",
            paramLabel = "MODE",
            description = {
                "hard: whatever it costs; soft: while it is not dearer (default: hard)."
            })
    private String mode = "hard";

    Optional<AffinityConfig> toConfig() {
        AffinityConfig.Mode parsed = AffinityConfig.Mode.parse(mode);
        return Optional.ofNullable(ttl)
                .map(it -> Duration.ofMillis(Math.round(it * 1000)))
                .map(it -> new AffinityConfig(it, parsed));
    }
}
