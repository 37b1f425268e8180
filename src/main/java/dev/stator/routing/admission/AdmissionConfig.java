package dev.stator.routing.admission;

import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;

import java.time.Duration;
import java.util.OptionalDouble;

/// When requests wait, in which order, and how many may.
///
/// @param profile the classes of requests, one or several
/// @param waitingRequestsMax requests that wait at once
/// @param waitingTokensMax prompt tokens of the requests that wait at once
/// @param waitMax how long one may wait
/// @param quantumTokens uncached tokens that a tenant may send in before the next one's turn
public record AdmissionConfig(
        PolicyProfile profile,
        int waitingRequestsMax,
        long waitingTokensMax,
        Duration waitMax,
        long quantumTokens) {

    /// Nobody waits.
    public static final AdmissionConfig OFF =
            new AdmissionConfig(
                    PolicyProfile.single(OptionalDouble.empty(), QueuePolicy.FCFS),
                    4_096,
                    16_000_000,
                    Duration.ofSeconds(60),
                    4_096);

    public AdmissionConfig {
        requirePositive(waitingRequestsMax, "router-queue-requests-max");
        requirePositive(waitingTokensMax, "router-queue-tokens-max");
        requirePositive(waitMax.toNanos(), "router-queue-wait-max-secs");
        requirePositive(quantumTokens, "router-queue-quantum-tokens");
    }

    /// The same for other classes of requests.
    public AdmissionConfig withProfile(PolicyProfile newProfile) {
        return new AdmissionConfig(
                newProfile, waitingRequestsMax, waitingTokensMax, waitMax, quantumTokens);
    }

    private static void requirePositive(long value, String key) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be positive: " + value);
        }
    }
}
