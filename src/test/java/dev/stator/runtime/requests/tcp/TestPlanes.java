package dev.stator.runtime.requests.tcp;

import dev.stator.platform.tcp.TcpOptions;
import dev.stator.runtime.requests.callhome.CallHomeConfig;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;

import java.time.Duration;

/// Configurations for tests.
final class TestPlanes {
    /// Timeouts that a test can wait for.
    static final TcpPlaneConfig IMPATIENT =
            config(
                    Duration.ofMillis(300),
                    new CallHomeConfig(
                            "127.0.0.1",
                            0,
                            "",
                            32 << 20,
                            1_000,
                            Duration.ofMillis(500),
                            Duration.ofMillis(800),
                            Duration.ofMillis(300),
                            Duration.ofMillis(500),
                            100,
                            Duration.ofMillis(500),
                            TcpOptions.DEFAULT));

    /// Timeouts that a busy machine does not meet by itself.
    static final TcpPlaneConfig PATIENT = patient(1_000, TcpOptions.DEFAULT);

    private TestPlanes() {}

    /// @param answersMax running at once
    /// @param answers sockets of answers
    static TcpPlaneConfig patient(int answersMax, TcpOptions answers) {
        return patient(answersMax, 100, answers);
    }

    /// @param idleMax connections kept for further answers
    static TcpPlaneConfig keeping(int idleMax) {
        return patient(1_000, idleMax, TcpOptions.DEFAULT);
    }

    private static TcpPlaneConfig patient(int answersMax, int idleMax, TcpOptions answers) {
        return config(
                Duration.ofSeconds(20),
                new CallHomeConfig(
                        "127.0.0.1",
                        0,
                        "",
                        32 << 20,
                        answersMax,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(500),
                        idleMax,
                        Duration.ofMinutes(1),
                        answers));
    }

    private static TcpPlaneConfig config(Duration ackTimeout, CallHomeConfig answers) {
        return new TcpPlaneConfig(
                "127.0.0.1",
                0,
                "",
                PayloadCodec.MSGPACK,
                4,
                1_024,
                ackTimeout,
                Duration.ofMinutes(1),
                2,
                TcpOptions.DEFAULT,
                answers);
    }
}
