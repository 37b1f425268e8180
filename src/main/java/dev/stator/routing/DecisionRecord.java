package dev.stator.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A decision as it is remembered.
///
/// @param number counts up by one per decision
/// @param choice empty when no worker was selected
/// @param refusal why not, empty otherwise
/// @param outcome empty while the request runs
public record DecisionRecord(
        long number,
        Decided decided,
        Optional<RoutingChoice> choice,
        Optional<String> refusal,
        Optional<Outcome> outcome) {

    /// What was decided about, and when.
    ///
    /// @param attempt 1 for the first worker tried for the request
    public record Decided(String requestId, int attempt, int promptTokens, Instant at) {}

    /// What came of it.
    ///
    /// @param cachedTokens prompt tokens the worker found in its cache
    /// @param timeToFirstToken from the decision; empty when none came
    /// @param end how it ended, in words
    public record Outcome(int cachedTokens, Optional<Duration> timeToFirstToken, String end) {}

    DecisionRecord with(Outcome newOutcome) {
        return new DecisionRecord(number, decided, choice, refusal, Optional.of(newOutcome));
    }

    /// In one line.
    @Override
    public String toString() {
        return "request %s attempt %d, %d tokens: %s%s"
                .formatted(
                        decided.requestId(),
                        decided.attempt(),
                        decided.promptTokens(),
                        choice.map(RoutingChoice::toString).orElse(refusal.orElse("")),
                        outcome.map(it -> "; " + it).orElse(""));
    }
}
