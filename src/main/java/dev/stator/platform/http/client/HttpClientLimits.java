package dev.stator.platform.http.client;

import java.time.Duration;

/// What a server may cost before it is given up.
///
/// @param connectTimeout to open a connection
/// @param statusLineBytesMax also of a chunk's size line
/// @param headerBytesMax all header fields together
/// @param bodyBytesMax of an answer that is read whole
/// @param eventBytesMax the lines of one server-sent event together
/// @param readBytesMax taken from the socket at once, which is what a paused call holds at most
/// @param connectionsMax to one address, idle ones included; further calls fail at once
/// @param idleConnectionsMax to one address, kept for the next call
/// @param idleTimeout a connection without a call is closed; shorter than the five seconds after
///     which the usual Python servers close theirs
/// @param discardTimeout for the rest of an answer nobody wants, so that its connection can be kept
/// @param discardBytesMax the same, in bytes
public record HttpClientLimits(
        Duration connectTimeout,
        int statusLineBytesMax,
        int headerBytesMax,
        int bodyBytesMax,
        int eventBytesMax,
        int readBytesMax,
        int connectionsMax,
        int idleConnectionsMax,
        Duration idleTimeout,
        Duration discardTimeout,
        int discardBytesMax) {

    public static final HttpClientLimits DEFAULT =
            new HttpClientLimits(
                    Duration.ofSeconds(2),
                    8 << 10,
                    32 << 10,
                    8 << 20,
                    8 << 20,
                    64 << 10,
                    4_096,
                    256,
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(2),
                    256 << 10);

    public HttpClientLimits {
        require(connectTimeout.toMillis(), "connect-timeout in milliseconds");
        require(statusLineBytesMax, "status-line-bytes-max");
        require(headerBytesMax, "header-bytes-max");
        require(bodyBytesMax, "body-bytes-max");
        require(eventBytesMax, "event-bytes-max");
        require(readBytesMax, "read-bytes-max");
        require(connectionsMax, "connections-max");
        require(idleTimeout.toNanos(), "idle-timeout");
        require(discardTimeout.toNanos(), "discard-timeout");
        require(discardBytesMax, "discard-bytes-max");
        if (idleConnectionsMax < 0) {
            throw new IllegalArgumentException(
                    "idle-connections-max must not be negative: " + idleConnectionsMax);
        }
    }

    private static void require(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
