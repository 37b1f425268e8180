package dev.stator.routing.admission;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/// Why a request is not served, and when to come back.
///
/// @param policyClass the name of its class
/// @param limit how much of its class may wait now, when that is the reason
/// @param retryAfter when the queue will have drained, as far as can be told
public record Refusal(Reason reason, String policyClass, OptionalLong limit, Duration retryAfter) {

    /// What it failed by.
    public enum Reason {
        /// As many requests wait as may.
        REQUESTS_LIMIT,
        /// As many tokens wait as may.
        TOKENS_LIMIT,
        /// As many requests of its class wait as may.
        CLASS_REQUESTS_LIMIT,
        /// As many tokens of its class wait as may.
        CLASS_TOKENS_LIMIT,
        /// As many cached tokens of its class wait as may.
        CLASS_CACHED_TOKENS_LIMIT,
        /// It gave way to a tenant or a class with less in the queue, or to a higher tier.
        DISPLACED,
        /// It would wait past its deadline.
        DEADLINE_UNREACHABLE,
        /// It waited past its deadline.
        DEADLINE_PASSED,
        /// It waited as long as a request may.
        WAITED_TOO_LONG;

        /// As metrics name it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
