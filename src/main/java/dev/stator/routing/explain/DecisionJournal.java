package dev.stator.routing.explain;

import dev.stator.routing.RoutingChoice.Compared;
import dev.stator.routing.RoutingDecision;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.admission.Refusal;
import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.PromptSize;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Target;
import dev.stator.routing.explain.DecisionRecord.Timing;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.HitLadder.Cached;
import dev.stator.routing.explain.HitLadder.Served;

/// Follows the decisions about one model from the choice to the end of the request. Thread-safe.
public final class DecisionJournal {
    private final String model;
    private final DecisionLog log;
    private final HitLadder ladder;
    private final DecisionListener listener;

    /// @param log may be shared by the models of a process
    /// @param ladder of this model alone
    public DecisionJournal(
            String model, DecisionLog log, HitLadder ladder, DecisionListener listener) {
        this.model = model;
        this.log = log;
        this.ladder = ladder;
        this.listener = listener;
    }

    public DecisionLog log() {
        return log;
    }

    public HitLadder ladder() {
        return ladder;
    }

    /// Writes down what was decided.
    ///
    /// @param attempt 1 for the first worker tried for the request
    public Entry decided(RoutingQuery query, int attempt, RoutingDecision decision, Timing timing) {
        DecisionRecord decided = log.add(asked(query, attempt, timing), verdict(query, decision));
        listener.onDecided(decided);
        long fleetBlocks = query.candidates().stream().mapToLong(Candidate::totalBlocks).sum();
        return new Entry(decided, fleetBlocks);
    }

    /// Writes down that a request never got as far as a decision.
    public void refused(RoutingQuery query, Refusal.Reason reason, Timing timing) {
        int workers = query.candidates().size();
        listener.onDecided(
                log.add(
                        asked(query, 1, timing),
                        new Verdict.Refused(RefusalReason.of(reason), workers, "")));
    }

    private Asked asked(RoutingQuery query, int attempt, Timing timing) {
        var target = new Target(model, query.hints().adapter());
        return new Asked(query.requestId(), target, attempt, PromptSize.of(query), timing);
    }

    private static Verdict verdict(RoutingQuery query, RoutingDecision decision) {
        int workers = query.candidates().size();
        return switch (decision) {
            case Routed(var choice, _) -> {
                Compared compared = choice.compared();
                int ineligible = workers - compared.count() - compared.busy() - compared.unbound();
                yield new Verdict.Chosen(choice, ineligible, query.hints().pin().isPresent());
            }
            case Overloaded _ -> new Verdict.Refused(RefusalReason.EVERY_WORKER_BUSY, workers, "");
            case NoWorker() -> new Verdict.Refused(RefusalReason.NO_WORKER, workers, "");
            case Ineligible(var obstacle) ->
                    new Verdict.Refused(RefusalReason.INELIGIBLE, workers, obstacle.message());
        };
    }

    /// One decision whose outcome is awaited.
    public final class Entry {
        private final DecisionRecord decided;
        private final long fleetBlocks;

        private Entry(DecisionRecord decided, long fleetBlocks) {
            this.decided = decided;
            this.fleetBlocks = fleetBlocks;
        }

        /// Writes down what came of it; to be called once.
        ///
        /// @param blocks what the worker holds of it now
        public void ended(Outcome outcome, AnswerBlocks blocks) {
            listener.onEnded(log.complete(decided, outcome));
            if (outcome.timeToFirstToken().isPresent()) {
                ladder.add(served(outcome, blocks));
            }
        }

        private Served served(Outcome outcome, AnswerBlocks blocks) {
            PromptSize prompt = decided.asked().prompt();
            var cached =
                    new Cached(
                            prompt.tokensOf(decided.bestOverlapBlocks()),
                            decided.predictedCachedTokens(),
                            outcome.cachedTokens());
            return new Served(
                    prompt.tokens(), blocks.prompt(), blocks.sequenceHashes(), cached, fleetBlocks);
        }
    }
}
