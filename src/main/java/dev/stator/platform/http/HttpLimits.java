package dev.stator.platform.http;

import java.time.Duration;

/// What a client may cost before it is refused or cut off.
///
/// @param requestLineBytesMax longer ones are answered 414
/// @param headerBytesMax all header fields together; more is answered 431
/// @param headersMax header fields; more are answered 431
/// @param bodyBytesMax one body; more is answered 413, unread when its length is declared
/// @param bodyBytesTotalMax bodies of all requests being read or handled; beyond it 503
/// @param headDeadline from the first byte of a request to the end of its header fields
/// @param bodyGrace time to send a body before its rate is looked at
/// @param bodyBytesPerSecondMin slower bodies are answered 408 once the grace has passed
/// @param idleTimeout a connection without a request is closed
/// @param connectionsMax further ones are answered 503 and closed
/// @param pipelinedPartsMax parsed pieces of requests waiting behind the one being handled; beyond
///     it the connection is not read
/// @param pauseAtBytes written and not yet taken by the socket, where a stream becomes unwritable;
///     it is writable again at half of it
/// @param pendingBytesMax the same, where a connection is cut off
/// @param stallTimeout a connection unwritable, or not taking the end of a response, for so long is
///     cut off
/// @param sendBufferBytes the socket's own buffer
/// @param linger how long a refused client may keep sending before it is cut off, so that it can
///     read the refusal
public record HttpLimits(
        int requestLineBytesMax,
        int headerBytesMax,
        int headersMax,
        int bodyBytesMax,
        long bodyBytesTotalMax,
        Duration headDeadline,
        Duration bodyGrace,
        int bodyBytesPerSecondMin,
        Duration idleTimeout,
        int connectionsMax,
        int pipelinedPartsMax,
        int pauseAtBytes,
        int pendingBytesMax,
        Duration stallTimeout,
        int sendBufferBytes,
        Duration linger) {

    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    8 << 10,
                    32 << 10,
                    100,
                    64 << 20,
                    512L << 20,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    8 << 10,
                    Duration.ofSeconds(75),
                    20_000,
                    64,
                    256 << 10,
                    4 << 20,
                    Duration.ofSeconds(60),
                    128 << 10,
                    Duration.ofSeconds(2));

    public HttpLimits {
        require(requestLineBytesMax, "request-line-bytes-max");
        require(headerBytesMax, "header-bytes-max");
        require(headersMax, "headers-max");
        require(bodyBytesMax, "body-bytes-max");
        require(bodyBytesTotalMax, "body-bytes-total-max");
        require(headDeadline.toNanos(), "head-deadline");
        require(bodyGrace.toNanos(), "body-grace");
        require(bodyBytesPerSecondMin, "body-bytes-per-second-min");
        require(idleTimeout.toNanos(), "idle-timeout");
        require(connectionsMax, "connections-max");
        require(pipelinedPartsMax, "pipelined-parts-max");
        require(pauseAtBytes, "pause-at-bytes");
        require(pendingBytesMax, "pending-bytes-max");
        require(stallTimeout.toNanos(), "stall-timeout");
        require(sendBufferBytes, "send-buffer-bytes");
        require(linger.toNanos(), "linger");
        if (pendingBytesMax < pauseAtBytes) {
            throw new IllegalArgumentException(
                    "pending-bytes-max must not be below pause-at-bytes: %d < %d"
                            .formatted(pendingBytesMax, pauseAtBytes));
        }
    }

    /// These limits with other sizes of bodies.
    public HttpLimits withBodyBytes(int max, long totalMax) {
        return new HttpLimits(
                requestLineBytesMax,
                headerBytesMax,
                headersMax,
                max,
                totalMax,
                headDeadline,
                bodyGrace,
                bodyBytesPerSecondMin,
                idleTimeout,
                connectionsMax,
                pipelinedPartsMax,
                pauseAtBytes,
                pendingBytesMax,
                stallTimeout,
                sendBufferBytes,
                linger);
    }

    /// How long a body of which `bytes` have arrived may have taken until now, in nanoseconds.
    long bodyNanosAllowed(long bytes) {
        return bodyGrace.toNanos() + bytes * 1_000_000_000L / bodyBytesPerSecondMin;
    }

    private static void require(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
