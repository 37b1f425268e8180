package dev.stator.replay.load;

import dev.stator.platform.http.client.HttpClientLimits;
import dev.stator.replay.load.result.Slo;

import java.time.Duration;

/// How a run is carried out, whatever it sends.
///
/// @param streamsMax open at once; further requests wait, and their waiting is measured
/// @param timeout for a whole answer
/// @param threads event loops
/// @param check what outputs are held against
public record LoadSetup(
        Conduct conduct, Slo slo, int streamsMax, Duration timeout, int threads, Check check) {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /// What an output can be held against.
    public enum Check {
        /// Every token when the target is simulated, counts when not.
        AUTO,
        /// Every token; a target that is not simulated is refused.
        TOKENS,
        /// Counts only.
        COUNTS
    }

    public LoadSetup {
        if (streamsMax < 1 || threads < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "streams-max, threads and timeout must be positive: %d, %d, %s"
                            .formatted(streamsMax, threads, timeout));
        }
    }

    /// As many connections as there may be streams, and all are kept, so that a request seldom has
    /// to open one.
    HttpClientLimits clientLimits() {
        HttpClientLimits usual = HttpClientLimits.DEFAULT;
        return new HttpClientLimits(
                CONNECT,
                usual.statusLineBytesMax(),
                usual.headerBytesMax(),
                usual.bodyBytesMax(),
                usual.eventBytesMax(),
                usual.readBytesMax(),
                streamsMax,
                streamsMax,
                usual.idleTimeout(),
                usual.discardTimeout(),
                usual.discardBytesMax());
    }
}
