package dev.stator.runtime.requests.nats;

import dev.stator.platform.nats.PendingLimits;
import dev.stator.runtime.requests.callhome.CallHomeConfig;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;

import java.time.Duration;

/// How requests travel through NATS.
///
/// @param codec what callers are asked to write
/// @param inFlightMax requests of this process that are not acknowledged yet
/// @param ackTimeout for a request to be acknowledged
/// @param pending requests for one served endpoint that wait to be looked at; more are lost, and
///     their callers hear nothing
/// @param threads event loops, which all answers share
/// @param answers how answers travel
public record NatsPlaneConfig(
        PayloadCodec codec,
        int inFlightMax,
        Duration ackTimeout,
        PendingLimits pending,
        int threads,
        CallHomeConfig answers) {

    /// Answers on this machine only.
    public static final NatsPlaneConfig DEFAULT =
            new NatsPlaneConfig(
                    PayloadCodec.MSGPACK,
                    4_096,
                    Duration.ofSeconds(5),
                    new PendingLimits(16_384, 128 << 20),
                    Runtime.getRuntime().availableProcessors(),
                    CallHomeConfig.DEFAULT);

    public NatsPlaneConfig {
        require(inFlightMax > 0, "in-flight-max", inFlightMax);
        require(ackTimeout.isPositive(), "ack-timeout", ackTimeout);
        require(threads > 0, "threads", threads);
    }

    /// The same with another codec.
    public NatsPlaneConfig withCodec(PayloadCodec other) {
        return new NatsPlaneConfig(other, inFlightMax, ackTimeout, pending, threads, answers);
    }

    /// The same with answers that travel otherwise.
    public NatsPlaneConfig withAnswers(CallHomeConfig others) {
        return new NatsPlaneConfig(codec, inFlightMax, ackTimeout, pending, threads, others);
    }

    private static void require(boolean valid, String key, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
