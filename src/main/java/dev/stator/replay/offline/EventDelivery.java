package dev.stator.replay.offline;

import java.time.Duration;

/// How workers' cache events reach the router's index.
///
/// @param delay from the change to its arrival
/// @param loss fraction of the events that never arrive
/// @param duplication fraction that arrives twice
/// @param repair from a loss to the moment when the index has been told everything again
public record EventDelivery(Duration delay, double loss, double duplication, Duration repair) {

    /// At once, each exactly once.
    public static final EventDelivery PERFECT =
            new EventDelivery(Duration.ZERO, 0, 0, Duration.ofSeconds(1));

    public EventDelivery {
        require(!delay.isNegative(), "event-delay", "must not be negative", delay);
        require(loss >= 0 && loss <= 1, "event-loss", "must be in [0, 1]", loss);
        require(
                duplication >= 0 && duplication <= 1,
                "event-duplication",
                "must be in [0, 1]",
                duplication);
        require(!repair.isNegative(), "event-repair", "must not be negative", repair);
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " " + rule + ": " + value);
        }
    }
}
