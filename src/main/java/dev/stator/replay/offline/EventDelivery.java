package dev.stator.replay.offline;

import java.time.Duration;
import java.util.Optional;

/// How workers' cache events reach the router's index.
///
/// @param delay from the change to its arrival
/// @param loss fraction of the events that never arrive
/// @param duplication fraction that arrives twice
/// @param repair from a loss to the moment when the index has been told everything again
/// @param outage when none arrives
public record EventDelivery(
        Duration delay, double loss, double duplication, Duration repair, Optional<Outage> outage) {

    /// At once, each exactly once.
    public static final EventDelivery PERFECT =
            new EventDelivery(Duration.ZERO, 0, 0, Duration.ofSeconds(1), Optional.empty());

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

    /// Late by so much.
    public EventDelivery withDelay(Duration newDelay) {
        return new EventDelivery(newDelay, loss, duplication, repair, outage);
    }

    /// With so many lost.
    public EventDelivery withLoss(double newLoss) {
        return new EventDelivery(delay, newLoss, duplication, repair, outage);
    }

    /// With so many repeated.
    public EventDelivery withDuplication(double newDuplication) {
        return new EventDelivery(delay, loss, newDuplication, repair, outage);
    }

    /// Whole again so long after a loss.
    public EventDelivery withRepair(Duration newRepair) {
        return new EventDelivery(delay, loss, duplication, newRepair, outage);
    }

    /// With none in between.
    public EventDelivery withOutage(Outage newOutage) {
        return new EventDelivery(delay, loss, duplication, repair, Optional.of(newOutage));
    }

    /// A time in which every event is lost. The index is repaired so long after its end as after
    /// another loss.
    public record Outage(Duration from, Duration until) {
        public Outage {
            require(!from.isNegative(), "event-outage", "must not begin before the trace", from);
            require(until.compareTo(from) > 0, "event-outage", "must end after it began", until);
        }

        boolean covers(long nanos) {
            return from.toNanos() <= nanos && nanos < until.toNanos();
        }
    }

    private static void require(boolean holds, String key, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " " + rule + ": " + value);
        }
    }
}
