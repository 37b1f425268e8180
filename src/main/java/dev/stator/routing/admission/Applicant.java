package dev.stator.routing.admission;

import java.util.OptionalLong;

/// A request as the queue sees it.
///
/// @param tenant who is served; empty for nobody in particular
/// @param tier goes before all lower tiers
/// @param priority moves it forward among the tenant's requests of the tier; negative ones do not
///     count
/// @param promptTokens what it weighs while it waits
/// @param uncachedTokens what it costs when it goes: what no worker has cached, at least 1
/// @param deadlineNanos when it is of no use any more, on the clock of the queue's caller
public record Applicant(
        String tenant,
        long tier,
        int priority,
        int promptTokens,
        long uncachedTokens,
        OptionalLong deadlineNanos) {
    public Applicant {
        if (promptTokens < 1 || uncachedTokens < 1) {
            throw new IllegalArgumentException(
                    "tokens must be positive: prompt %d, uncached %d"
                            .formatted(promptTokens, uncachedTokens));
        }
    }
}
