package dev.stator.routing.admission.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The order of one tenant's requests within a tier; the formulae are Dynamo's (1.4).
///
/// ```
/// fcfs   jump - arrival
/// lcfs   jump + arrival
/// wspt   (1 + jump) / uncached tokens
/// ```
///
/// Arrival in seconds, jump is the priority, not below 0. The highest key goes first; of equal
/// ones, who came first.
public enum QueuePolicy {
    /// First come, first served.
    FCFS {
        @Override
        public double key(double jump, double arrivalSeconds, long uncachedTokens) {
            return jump - arrivalSeconds;
        }
    },
    /// Last come, first served.
    LCFS {
        @Override
        public double key(double jump, double arrivalSeconds, long uncachedTokens) {
            return jump + arrivalSeconds;
        }
    },
    /// Weighted shortest processing time.
    WSPT {
        @Override
        public double key(double jump, double arrivalSeconds, long uncachedTokens) {
            return (1 + jump) / Math.max(1, uncachedTokens);
        }
    };

    /// Where it stands; the highest goes first.
    public abstract double key(double jump, double arrivalSeconds, long uncachedTokens);

    /// Dynamo's spelling.
    public String flag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Throws `IllegalArgumentException` that lists the policies there are.
    public static QueuePolicy parse(String flag) {
        return Arrays.stream(values())
                .filter(policy -> policy.flag().equals(flag))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "router-queue-policy must be one of %s: \"%s\""
                                                .formatted(flags(), flag)));
    }

    private static String flags() {
        return Arrays.stream(values()).map(QueuePolicy::flag).collect(Collectors.joining(", "));
    }
}
