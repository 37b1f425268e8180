package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.TcpOptions;
import dev.stator.runtime.requests.callhome.CallHomeConfig;
import dev.stator.runtime.requests.callhome.HostPort;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;

import java.time.Duration;

/// How requests travel.
///
/// @param host where requests are awaited
/// @param port the same; 0 takes a free one
/// @param advertisedHost the host that callers are told; empty for `host`
/// @param codec what callers are asked to write
/// @param connectionsPerHostMax of a caller to one worker process
/// @param inFlightMax requests on one connection that are not acknowledged yet
/// @param ackTimeout for a request to be acknowledged
/// @param idleTimeout a caller closes a connection that carried nothing for so long
/// @param threads event loops, which all connections share
/// @param sockets of requests
/// @param answers how answers travel
public record TcpPlaneConfig(
        String host,
        int port,
        String advertisedHost,
        PayloadCodec codec,
        int connectionsPerHostMax,
        int inFlightMax,
        Duration ackTimeout,
        Duration idleTimeout,
        int threads,
        TcpOptions sockets,
        CallHomeConfig answers) {

    /// On this machine only.
    public static final TcpPlaneConfig DEFAULT =
            new TcpPlaneConfig(
                    "127.0.0.1",
                    0,
                    "",
                    PayloadCodec.MSGPACK,
                    100,
                    1_024,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Runtime.getRuntime().availableProcessors(),
                    TcpOptions.DEFAULT.queueing(128 << 20),
                    CallHomeConfig.DEFAULT);

    public TcpPlaneConfig {
        advertisedHost = HostPort.advertised(host, advertisedHost);
        require(port >= 0 && port <= 65_535, "port", port);
        require(connectionsPerHostMax > 0, "connections-per-host-max", connectionsPerHostMax);
        require(inFlightMax > 0, "in-flight-max", inFlightMax);
        require(ackTimeout.isPositive(), "ack-timeout", ackTimeout);
        require(idleTimeout.isPositive(), "idle-timeout", idleTimeout);
        require(threads > 0, "threads", threads);
    }

    /// The same with another codec.
    public TcpPlaneConfig withCodec(PayloadCodec other) {
        return new TcpPlaneConfig(
                host,
                port,
                advertisedHost,
                other,
                connectionsPerHostMax,
                inFlightMax,
                ackTimeout,
                idleTimeout,
                threads,
                sockets,
                answers);
    }

    /// The same with answers that travel otherwise.
    public TcpPlaneConfig withAnswers(CallHomeConfig others) {
        return new TcpPlaneConfig(
                host,
                port,
                advertisedHost,
                codec,
                connectionsPerHostMax,
                inFlightMax,
                ackTimeout,
                idleTimeout,
                threads,
                sockets,
                others);
    }

    /// The same at another address.
    public TcpPlaneConfig at(String otherHost, int otherPort, String otherAdvertisedHost) {
        return new TcpPlaneConfig(
                otherHost,
                otherPort,
                otherAdvertisedHost,
                codec,
                connectionsPerHostMax,
                inFlightMax,
                ackTimeout,
                idleTimeout,
                threads,
                sockets,
                answers);
    }

    private static void require(boolean valid, String key, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
