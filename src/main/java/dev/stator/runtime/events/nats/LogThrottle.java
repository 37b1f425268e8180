package dev.stator.runtime.events.nats;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Lets one of many equal complaints through per interval. Not thread-safe.
final class LogThrottle {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Instant next = Instant.MIN;

    LogThrottle(InstantSource clock) {
        this.clock = clock;
    }

    boolean permits() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return false;
        }
        next = now.plus(INTERVAL);
        return true;
    }
}
