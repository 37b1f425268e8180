package dev.stator.runtime.events.zmq;

import java.time.Duration;

/// One process on the event plane.
///
/// @param instanceId of this process in discovery
/// @param bindHost whose addresses publishers listen at; `*` for all
/// @param advertisedHost under which other processes reach it
/// @param pendingEventsMax that wait for one subscriber, or for a publisher that is not open yet
/// @param joinGrace how long a new publisher keeps its first events back, so that those who learn
///     of it can connect
public record ZmqEventConfig(
        long instanceId,
        String bindHost,
        String advertisedHost,
        int pendingEventsMax,
        Duration joinGrace) {

    /// Room for a burst of several large evictions.
    public static final int PENDING_EVENTS_MAX = 65_536;

    /// Discovery takes a few milliseconds, a connection hardly any.
    public static final Duration JOIN_GRACE = Duration.ofMillis(250);

    public ZmqEventConfig {
        if (pendingEventsMax < 1) {
            throw new IllegalArgumentException(
                    "pendingEventsMax must be positive: " + pendingEventsMax);
        }
        if (joinGrace.isNegative()) {
            throw new IllegalArgumentException("joinGrace must not be negative: " + joinGrace);
        }
    }

    /// With the usual limits.
    public static ZmqEventConfig of(long instanceId, String bindHost, String advertisedHost) {
        return new ZmqEventConfig(
                instanceId, bindHost, advertisedHost, PENDING_EVENTS_MAX, JOIN_GRACE);
    }
}
