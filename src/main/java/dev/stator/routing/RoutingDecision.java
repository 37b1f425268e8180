package dev.stator.routing;

import dev.stator.routing.eligibility.Obstacle;
import dev.stator.routing.load.Booking;

import java.time.Duration;

/// The answer of a router.
public sealed interface RoutingDecision {

    /// A worker was selected and charged.
    ///
    /// @param booking to be closed when the request ends, however it ends
    record Routed(RoutingChoice choice, Booking booking) implements RoutingDecision {
        @Override
        public String toString() {
            return choice.toString();
        }
    }

    /// Every worker that could serve it is busy.
    record Overloaded(Duration retryAfter) implements RoutingDecision {}

    /// There is no worker that could serve it.
    record NoWorker() implements RoutingDecision {}

    /// There are workers, and what the request asks for keeps it from all of them.
    record Ineligible(Obstacle obstacle) implements RoutingDecision {
        @Override
        public String toString() {
            return obstacle.message();
        }
    }
}
