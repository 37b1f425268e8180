package dev.stator.routing.admission;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// A request as the queue sees it.
///
/// @param policyClass the family or class it asks for
/// @param tenant who is served; empty for nobody in particular
/// @param tier goes before all lower tiers of its class
/// @param priority moves it forward among the tenant's requests of the tier; negative ones do not
///     count
/// @param promptTokens what it weighs while it waits
/// @param uncachedTokens those that no worker has cached
/// @param deadlineNanos when it is of no use any more, on the clock of the queue's caller
public record Applicant(
        Optional<String> policyClass,
        String tenant,
        long tier,
        int priority,
        int promptTokens,
        long uncachedTokens,
        OptionalLong deadlineNanos) {
    public Applicant {
        if (promptTokens < 1 || uncachedTokens < 0 || uncachedTokens > promptTokens) {
            throw new IllegalArgumentException(
                    "of %d prompt tokens, %d cannot be uncached"
                            .formatted(promptTokens, uncachedTokens));
        }
    }

    /// The same with a deadline no later than so long from now.
    Applicant within(Duration longest, long nowNanos) {
        long latest = nowNanos + longest.toNanos();
        boolean isSooner = deadlineNanos.isPresent() && deadlineNanos.getAsLong() - latest <= 0;
        return isSooner
                ? this
                : new Applicant(
                        policyClass,
                        tenant,
                        tier,
                        priority,
                        promptTokens,
                        uncachedTokens,
                        OptionalLong.of(latest));
    }

    /// What it is charged for when it goes.
    long cost() {
        return Math.max(1, uncachedTokens);
    }

    long cachedTokens() {
        return promptTokens - uncachedTokens;
    }
}
