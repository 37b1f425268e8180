package dev.stator.routing.explain;

import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.admission.Refusal;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A decision as it is remembered. Holds no part of the prompt.
///
/// @param number counts up by one per decision
/// @param outcome empty while the request runs, and for ever when it was refused
public record DecisionRecord(long number, Asked asked, Verdict verdict, Optional<Outcome> outcome) {

    /// What was decided about, and when.
    ///
    /// @param requestId of the generation, as in the response's `id`
    /// @param attempt 1 for the first worker tried for the request
    public record Asked(
            String requestId, Target target, int attempt, PromptSize prompt, Timing timing) {}

    /// What is asked for.
    ///
    /// @param adapter of the model, empty for the model itself
    public record Target(String model, Optional<String> adapter) {}

    /// @param tokens with the tail that fills no block
    /// @param blocks complete ones
    public record PromptSize(int tokens, int blocks, int blockSizeTokens) {

        static PromptSize of(RoutingQuery query) {
            return new PromptSize(
                    query.promptTokens(), query.blocks().count(), query.blocks().blockSizeTokens());
        }

        /// Prompt tokens in that many leading blocks.
        public int tokensOf(int leadingBlocks) {
            return (int) Math.min(tokens, (long) leadingBlocks * blockSizeTokens);
        }
    }

    /// @param at when it was decided
    /// @param queued how long the request was held back before
    /// @param took how long the deciding took
    public record Timing(Instant at, Duration queued, Duration took) {}

    /// What was decided.
    public sealed interface Verdict {

        /// A worker was selected.
        ///
        /// @param ineligible workers that the request does not want or may not go to
        /// @param pinned whether the request names its worker
        record Chosen(RoutingChoice choice, int ineligible, boolean pinned) implements Verdict {}

        /// None was.
        ///
        /// @param workers that serve the model
        /// @param detail what the request asks for in vain, or empty
        record Refused(RefusalReason reason, int workers, String detail) implements Verdict {}
    }

    /// Why no worker was selected.
    public enum RefusalReason {
        /// All that could serve it are busy.
        EVERY_WORKER_BUSY,
        /// None could serve it; of later attempts: none that has not failed before.
        NO_WORKER,
        /// What the request asks for keeps it from all of them.
        INELIGIBLE,
        /// It would have had to wait, and too many did.
        QUEUE_FULL,
        /// It waited and gave way to others.
        QUEUE_DISPLACED,
        /// It waited too long, or would have.
        QUEUE_TOO_SLOW;

        static RefusalReason of(Refusal.Reason queue) {
            return switch (queue) {
                case REQUESTS_LIMIT,
                        TOKENS_LIMIT,
                        CLASS_REQUESTS_LIMIT,
                        CLASS_TOKENS_LIMIT,
                        CLASS_CACHED_TOKENS_LIMIT ->
                        QUEUE_FULL;
                case DISPLACED -> QUEUE_DISPLACED;
                case DEADLINE_UNREACHABLE, DEADLINE_PASSED, WAITED_TOO_LONG -> QUEUE_TOO_SLOW;
            };
        }

        /// As JSON and metrics name it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What came of it.
    ///
    /// @param end how the attempt ended
    /// @param cachedTokens prompt tokens the worker found in its cache
    /// @param timeToFirstToken from the decision; empty when none came
    /// @param total from the decision to the end
    public record Outcome(
            End end,
            int cachedTokens,
            int outputTokens,
            Optional<Duration> timeToFirstToken,
            Duration total) {}

    /// How an attempt ended.
    ///
    /// @param failure what went wrong, empty unless it failed
    public record End(EndKind kind, String failure) {
        private static final int FAILURE_CHARS_MAX = 300;

        public End {
            failure = failure.substring(0, Math.min(failure.length(), FAILURE_CHARS_MAX));
        }
    }

    /// The ways to end.
    public enum EndKind {
        STOP,
        LENGTH,
        CANCELLED,
        FAILED,
        /// Nothing was to be generated: it was asked which worker it would be.
        ONLY_ASKED;

        /// As JSON and metrics name it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The choice, when there was one.
    public Optional<RoutingChoice> choice() {
        return verdict instanceof Verdict.Chosen(var choice, _, _)
                ? Optional.of(choice)
                : Optional.empty();
    }

    /// Whether the router compared what the workers hold; otherwise it knows nothing of it.
    public boolean looksAtCaches() {
        return choice().map(it -> it.policy().mode() == RoutingMode.KV).orElse(false);
    }

    /// When the first token was to be expected, from the decision on.
    public Optional<Duration> predictedTimeToFirstToken() {
        return choice().map(it -> duration(it.selected().estimate().seconds()));
    }

    /// Prompt tokens the router believed to be cached at the selected worker; 0 without one.
    public int predictedCachedTokens() {
        return choice().map(it -> asked.prompt().tokensOf(it.overlapBlocks())).orElse(0);
    }

    /// Leading blocks that the best of the candidates holds; 0 without candidates.
    public int bestOverlapBlocks() {
        return choice().stream()
                .flatMap(it -> it.candidates().stream())
                .mapToInt(Priced::overlapBlocks)
                .max()
                .orElse(0);
    }

    DecisionRecord with(Outcome newOutcome) {
        return new DecisionRecord(number, asked, verdict, Optional.of(newOutcome));
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
