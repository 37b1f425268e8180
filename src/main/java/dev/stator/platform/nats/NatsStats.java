package dev.stator.platform.nats;

/// What a client did since it was opened.
///
/// @param isConnected now
/// @param connects times a connection came up
/// @param published messages given to a connection
/// @param dropped messages not sent: no connection, no room, refused or not to be made
/// @param received messages that reached a subscription
/// @param lost received messages that a slow receiver had no room for
public record NatsStats(
        boolean isConnected,
        long connects,
        long published,
        long dropped,
        long received,
        long lost) {}
