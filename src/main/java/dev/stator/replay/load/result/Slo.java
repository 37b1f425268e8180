package dev.stator.replay.load.result;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an answer must hold to count as good. An answer that did not complete is not good.
///
/// @param ttft time to first token
/// @param perToken mean time of each token after the first
/// @param endToEnd time to the end
public record Slo(
        Optional<Duration> ttft, Optional<Duration> perToken, Optional<Duration> endToEnd) {
    public static final Slo NONE = new Slo(Optional.empty(), Optional.empty(), Optional.empty());

    public boolean isMetBy(StreamOutcome outcome) {
        return outcome.verdict() == Verdict.COMPLETED
                && within(outcome.ttftNanos(), ttft)
                && within(outcome.perTokenNanos(), perToken)
                && within(outcome.endToEndNanos(), endToEnd);
    }

    private static boolean within(long nanos, Optional<Duration> limit) {
        return limit.isEmpty() || nanos <= limit.get().toNanos();
    }

    /// In words, as in `TTFT <= 500 ms, end to end <= 2,000 ms`.
    public String words() {
        List<String> parts = new ArrayList<>();
        ttft.ifPresent(it -> parts.add("TTFT <= " + Words.millis(it.toNanos()) + " ms"));
        perToken.ifPresent(it -> parts.add("per token <= " + Words.millis(it.toNanos()) + " ms"));
        endToEnd.ifPresent(it -> parts.add("end to end <= " + Words.millis(it.toNanos()) + " ms"));
        return parts.isEmpty() ? "any latency" : String.join(", ", parts);
    }
}
