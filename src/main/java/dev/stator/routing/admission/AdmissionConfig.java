package dev.stator.routing.admission;

import java.time.Duration;
import java.util.OptionalDouble;

/// When requests wait, in which order, and how many may.
///
/// @param threshold requests wait while every worker has more booked prefill tokens than this
///     fraction of its largest batch; absent for never
/// @param waitingRequestsMax requests that wait at once
/// @param waitingTokensMax prompt tokens of the requests that wait at once
/// @param waitMax how long one may wait
/// @param quantumTokens uncached tokens that a tenant may send in before the next one's turn
public record AdmissionConfig(
        OptionalDouble threshold,
        QueuePolicy policy,
        int waitingRequestsMax,
        long waitingTokensMax,
        Duration waitMax,
        long quantumTokens) {

    /// Nobody waits.
    public static final AdmissionConfig OFF =
            new AdmissionConfig(
                    OptionalDouble.empty(),
                    QueuePolicy.FCFS,
                    4_096,
                    16_000_000,
                    Duration.ofSeconds(60),
                    4_096);

    public AdmissionConfig {
        double given = threshold.orElse(0);
        if (!(given >= 0) || Double.isInfinite(given)) {
            throw new IllegalArgumentException(
                    "router-queue-threshold must be finite, not negative: " + given);
        }
        requirePositive(waitingRequestsMax, "router-queue-requests-max");
        requirePositive(waitingTokensMax, "router-queue-tokens-max");
        requirePositive(waitMax.toNanos(), "router-queue-wait-max-secs");
        requirePositive(quantumTokens, "router-queue-quantum-tokens");
    }

    public AdmissionConfig withThreshold(OptionalDouble newThreshold) {
        return new AdmissionConfig(
                newThreshold, policy, waitingRequestsMax, waitingTokensMax, waitMax, quantumTokens);
    }

    private static void requirePositive(long value, String key) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be positive: " + value);
        }
    }
}
