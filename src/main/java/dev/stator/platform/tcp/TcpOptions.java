package dev.stator.platform.tcp;

import java.time.Duration;

/// How connections behave.
///
/// @param connectTimeout for the handshake of TCP
/// @param peerSilenceMax a peer that answers nothing for so long, although something was sent to
///     it, is gone; also the time after which an idle connection is found dead. Systems delay
///     acknowledgements by up to 200 ms
/// @param stallTimeout a peer that takes nothing of what waits for it is cut off after it
/// @param pauseAtBytes waiting to be sent, where a connection is full; it has room at half of it
/// @param queuedBytesMax waiting to be sent, beyond which a connection is cut off instead of
///     taking more
/// @param socketBufferBytes each of the system's two buffers; 0 leaves it to the system
/// @param resetsOnClose whether closing discards what the system still holds (`SO_LINGER` 0)
/// @param connectionsMax a listener closes further ones at once
public record TcpOptions(
        Duration connectTimeout,
        Duration peerSilenceMax,
        Duration stallTimeout,
        int pauseAtBytes,
        int queuedBytesMax,
        int socketBufferBytes,
        boolean resetsOnClose,
        int connectionsMax) {

    public static final TcpOptions DEFAULT =
            new TcpOptions(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(75),
                    256 << 10,
                    4 << 20,
                    0,
                    false,
                    20_000);

    public TcpOptions {
        require(connectTimeout.toMillis() > 0, "connect-timeout", connectTimeout);
        require(peerSilenceMax.toMillis() > 0, "peer-silence-max", peerSilenceMax);
        require(stallTimeout.toMillis() > 0, "stall-timeout", stallTimeout);
        require(pauseAtBytes > 0, "pause-at-bytes", pauseAtBytes);
        require(queuedBytesMax >= pauseAtBytes, "queued-bytes-max", queuedBytesMax);
        require(socketBufferBytes >= 0, "socket-buffer-bytes", socketBufferBytes);
        require(connectionsMax > 0, "connections-max", connectionsMax);
    }

    /// The same, with another limit of what waits to be sent.
    public TcpOptions queueing(int bytesMax) {
        return new TcpOptions(
                connectTimeout,
                peerSilenceMax,
                stallTimeout,
                pauseAtBytes,
                bytesMax,
                socketBufferBytes,
                resetsOnClose,
                connectionsMax);
    }

    /// The same, discarding on close.
    public TcpOptions resetting() {
        return new TcpOptions(
                connectTimeout,
                peerSilenceMax,
                stallTimeout,
                pauseAtBytes,
                queuedBytesMax,
                socketBufferBytes,
                true,
                connectionsMax);
    }

    private static void require(boolean valid, String key, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
