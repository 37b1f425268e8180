package dev.stator.runtime.events.nats;

/// What a plane did since it was opened.
///
/// @param published events given to NATS
/// @param dropped events not published, because there was no connection or no room
/// @param delivered events that reached a subscriber
/// @param malformed messages that were no events of their topic
/// @param missed events that never arrived, as far as sequence numbers, slow subscribers and
///     outages tell
public record NatsEventStats(
        long published, long dropped, long delivered, long malformed, long missed) {}
