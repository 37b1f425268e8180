package dev.stator.routing.explain;

import static dev.stator.routing.explain.Words.count;
import static dev.stator.routing.explain.Words.text;
import static dev.stator.routing.explain.Words.time;

import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Verdict;

import java.time.Duration;

/// A decision in words.
public final class Explanation {
    private Explanation() {}

    /// Why it was decided like that, and how long it had to wait for the decision.
    public static String why(DecisionRecord decision) {
        boolean again = decision.asked().attempt() > 1;
        String waited = again ? "" : waited(decision.asked().timing().queued());
        return waited
                + switch (decision.verdict()) {
                    case Verdict.Chosen chosen ->
                            (again ? "The worker before failed, so another was looked for. " : "")
                                    + new ChoiceWords(chosen).sentences();
                    case Verdict.Refused(RefusalReason reason, int workers, String detail) ->
                            again && reason == RefusalReason.NO_WORKER
                                    ? "The worker before failed, and no other was left to try."
                                    : refusal(reason, workers, detail);
                };
    }

    private static String waited(Duration queued) {
        return queued.isZero()
                ? ""
                : "It waited " + time(queued) + " for its turn, because all workers were busy. ";
    }

    /// What came of it.
    public static String outcome(DecisionRecord decision) {
        if (decision.outcome().isEmpty()) {
            return decision.choice().isPresent() ? "It is still running." : "";
        }
        Outcome outcome = decision.outcome().get();
        return outcome.timeToFirstToken()
                .map(
                        it ->
                                firstToken(decision, it)
                                        + " "
                                        + cached(decision, outcome)
                                        + " "
                                        + end(outcome))
                .orElseGet(() -> withoutToken(outcome));
    }

    private static String refusal(RefusalReason reason, int workers, String detail) {
        return switch (reason) {
            case EVERY_WORKER_BUSY ->
                    workers == 1
                            ? "The only worker that could serve it was busy, so it was refused."
                            : text(
                                    "All %,d workers that could serve it were busy, so it was"
                                            + " refused.",
                                    workers);
            case NO_WORKER -> "There was no worker that could serve it, so it was refused.";
            case INELIGIBLE ->
                    "No worker fits what the request asks for, so it was refused: " + detail + ".";
            case QUEUE_FULL ->
                    "All workers had enough to do, and too many requests were waiting already, so"
                            + " it was refused.";
            case QUEUE_DISPLACED ->
                    "All workers had enough to do; it waited until it had to give way to others.";
            case QUEUE_TOO_SLOW ->
                    "All workers had enough to do, and its turn would not have come in time, so it"
                            + " was refused.";
        };
    }

    private static String firstToken(DecisionRecord decision, Duration took) {
        Duration expected = decision.predictedTimeToFirstToken().orElseThrow();
        Duration queued = decision.asked().timing().queued();
        String altogether =
                queued.isZero() ? "" : text(", %s with the wait before", time(queued.plus(took)));
        return text(
                "The first token came after %s (expected: %s)%s.",
                time(took), time(expected), altogether);
    }

    /// In modes that do not look at caches nothing is expected of them.
    private static String cached(DecisionRecord decision, Outcome outcome) {
        int expected = decision.predictedCachedTokens();
        String found =
                text(
                        "The worker found %,d of %s in its cache",
                        outcome.cachedTokens(),
                        count(decision.asked().prompt().tokens(), "prompt token"));
        if (!decision.looksAtCaches()) {
            return found + ".";
        }
        return expected == outcome.cachedTokens()
                ? found + ", as expected."
                : found + text(" (expected: %,d).", expected);
    }

    private static String end(Outcome outcome) {
        String produced =
                text(
                        "It produced %s in %s",
                        count(outcome.outputTokens(), "token"), time(outcome.total()));
        End end = outcome.end();
        return produced
                + switch (end.kind()) {
                    case STOP -> " and came to its end.";
                    case LENGTH -> " and stopped at its limit of length.";
                    case CANCELLED -> " and was cancelled.";
                    case ONLY_ASKED -> ".";
                    case FAILED -> " and then failed: " + end.failure() + ".";
                };
    }

    private static String withoutToken(Outcome outcome) {
        String after = " after " + time(outcome.total()) + ", before its first token";
        return switch (outcome.end().kind()) {
            case STOP, LENGTH -> "It ended" + after + ".";
            case CANCELLED -> "It was cancelled" + after + ".";
            case ONLY_ASKED -> "It was only asked which worker it would be; nothing was generated.";
            case FAILED -> "It failed" + after + ": " + outcome.end().failure() + ".";
        };
    }
}
