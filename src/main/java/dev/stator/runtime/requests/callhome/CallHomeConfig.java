package dev.stator.runtime.requests.callhome;

import dev.stator.platform.tcp.TcpOptions;

import java.time.Duration;

/// How answers travel, for callers and workers.
///
/// @param host where a caller listens for workers that call
/// @param port the same; 0 takes a free one
/// @param advertisedHost the host that workers are told; empty for `host`
/// @param messageBytesMax one frame in either direction
/// @param answersMax running at once in each direction; more are refused
/// @param handshakeTimeout for a worker that has connected to say which answer it brings
/// @param callTimeout for a worker to call, from the sending of the request
/// @param cancelTimeout for an answer to end once the caller has cancelled it
/// @param closeWait for the caller to close or keep a connection, once it has been sent everything
/// @param idleMax connections kept for further answers, on each side; more are closed
/// @param idleTimeout a worker closes a kept connection that carried nothing for so long
/// @param sockets of answers
public record CallHomeConfig(
        String host,
        int port,
        String advertisedHost,
        int messageBytesMax,
        int answersMax,
        Duration handshakeTimeout,
        Duration callTimeout,
        Duration cancelTimeout,
        Duration closeWait,
        int idleMax,
        Duration idleTimeout,
        TcpOptions sockets) {

    /// On this machine only.
    public static final CallHomeConfig DEFAULT =
            new CallHomeConfig(
                    "127.0.0.1",
                    0,
                    "",
                    32 << 20,
                    16_384,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    1_024,
                    Duration.ofMinutes(1),
                    TcpOptions.DEFAULT);

    public CallHomeConfig {
        advertisedHost = HostPort.advertised(host, advertisedHost);
        require(port >= 0 && port <= 65_535, "port", port);
        require(messageBytesMax > 0, "message-bytes-max", messageBytesMax);
        require(answersMax > 0, "answers-max", answersMax);
        require(handshakeTimeout.isPositive(), "handshake-timeout", handshakeTimeout);
        require(callTimeout.isPositive(), "call-timeout", callTimeout);
        require(cancelTimeout.isPositive(), "cancel-timeout", cancelTimeout);
        require(closeWait.isPositive(), "close-wait", closeWait);
        require(idleMax >= 0, "idle-max", idleMax);
        require(idleTimeout.isPositive(), "idle-timeout", idleTimeout);
    }

    /// The same at another address.
    public CallHomeConfig at(String otherHost, int otherPort, String otherAdvertisedHost) {
        return new CallHomeConfig(
                otherHost,
                otherPort,
                otherAdvertisedHost,
                messageBytesMax,
                answersMax,
                handshakeTimeout,
                callTimeout,
                cancelTimeout,
                closeWait,
                idleMax,
                idleTimeout,
                sockets);
    }

    private static void require(boolean valid, String key, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
