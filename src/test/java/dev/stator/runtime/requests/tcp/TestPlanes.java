package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.TcpOptions;
import dev.stator.runtime.requests.callhome.CallHomeConfig;
import dev.stator.runtime.requests.callhome.PayloadCodec;

import java.time.Duration;

/// Configurations for tests.
final class TestPlanes {
    /// With timeouts that a test can wait for.
    static final TcpPlaneConfig QUICK = config(1_000, TcpOptions.DEFAULT);

    private TestPlanes() {}

    /// @param answersMax running at once
    /// @param answers sockets of answers
    static TcpPlaneConfig config(int answersMax, TcpOptions answers) {
        return new TcpPlaneConfig(
                "127.0.0.1",
                0,
                "",
                PayloadCodec.MSGPACK,
                4,
                1_024,
                Duration.ofMillis(300),
                Duration.ofMinutes(1),
                2,
                TcpOptions.DEFAULT,
                new CallHomeConfig(
                        "127.0.0.1",
                        0,
                        "",
                        32 << 20,
                        answersMax,
                        Duration.ofMillis(500),
                        Duration.ofMillis(800),
                        Duration.ofMillis(300),
                        Duration.ofMillis(500),
                        answers));
    }
}
