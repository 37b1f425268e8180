package dev.stator.replay.offline;

import dev.stator.replay.offline.EventDelivery.Outage;
import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.generator.SiblingLoad;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/// Q8: what late, lost and repeated events cost.
///
/// In the conversation blocks are used again long after every delay. Siblings follow each other
/// within half a second: where a request ends with its prefill, on fast workers, the next sibling
/// comes when the first one's booking is gone and its events are not there yet.
final class EventScores {
    private static final PolicyChoice KV = PolicyChoice.parse("kv").getFirst();
    private static final PolicyChoice PREDICTING = KV.predicting(Duration.ofSeconds(2));
    private static final LongFunction<Trace> SIBLINGS = SiblingLoad.agents(8, 300)::trace;
    private static final ReplayConfig FAST =
            ReplayConfig.DEFAULT.with(new TimeModel.PrefillQueue(new PrefillTime(1e16)));
    private static final ReplayConfig DECODING =
            ReplayConfig.DEFAULT.with(new TimeModel.Batching(BatchLimits.DEFAULT));
    private static final EventDelivery PERFECT = EventDelivery.PERFECT;

    private EventScores() {}

    static List<Score> all() {
        var conversation =
                new Comparing(
                        "conversation",
                        _ -> Traces.mooncake("conversation"),
                        KV,
                        ReplayConfig.DEFAULT);
        var decoding = new Comparing("siblings with decode", SIBLINGS, KV, DECODING);
        var fast = new Comparing("siblings, prefill only", SIBLINGS, KV, FAST);
        var predicting = new Comparing("siblings, predicted 2 s", SIBLINGS, PREDICTING, FAST);
        var scores = new ArrayList<Score>();
        scores.add(conversation.bar("500 ms late", late(500)));
        scores.add(conversation.bar("5 % lost, repaired in 1 s", PERFECT.withLoss(0.05)));
        for (Comparing each : List.of(decoding, predicting)) {
            scores.add(each.bar("50 ms late", late(50)));
            scores.add(each.bar("500 ms late", late(500)));
            scores.add(each.bar("50 ms late, 10 % twice", late(50).withDuplication(0.1)));
            scores.add(each.bar("5 % lost, repaired in 1 s", PERFECT.withLoss(0.05)));
        }
        scores.add(fast.shown("50 ms late", late(50)));
        scores.add(fast.shown("500 ms late", late(500)));
        scores.add(fast.shown("5 % lost, repaired in 1 s", PERFECT.withLoss(0.05)));
        scores.add(conversation.recovery(600, 1_800));
        scores.add(fast.recovery(100, 160));
        scores.add(predicting.recovery(100, 160));
        return scores;
    }

    private static EventDelivery late(int millis) {
        return PERFECT.withDelay(Duration.ofMillis(millis));
    }

    /// One policy with and without something that happens to its events.
    private record Comparing(
            String name, LongFunction<Trace> traces, PolicyChoice policy, ReplayConfig config) {

        Score bar(String what, EventDelivery delivery) {
            SeededRuns runs = runs(delivery);
            Spread lost = lost(runs(PERFECT), runs);
            return new Score(
                    "Q8",
                    name + ": " + what,
                    "hit ratio drop <= 1 point",
                    "",
                    reached(lost, runs),
                    Verdict.of(lost.most() <= 1, true));
        }

        Score shown(String what, EventDelivery delivery) {
            SeededRuns runs = runs(delivery);
            return Score.shown("  " + name + ": " + what, reached(lost(runs(PERFECT), runs), runs));
        }

        private static String reached(Spread lost, SeededRuns runs) {
            return "%s points, %s".formatted(lost.text(2), runs.times());
        }

        /// No event arrives for a while; the index is repaired a second later.
        Score recovery(int fromSeconds, int untilSeconds) {
            var outage =
                    new Outage(Duration.ofSeconds(fromSeconds), Duration.ofSeconds(untilSeconds));
            EventDelivery delivery = PERFECT.withOutage(outage);
            double repaired = untilSeconds + delivery.repair().toSeconds();
            Spread during = lost(delivery, fromSeconds, untilSeconds);
            Spread after = lost(delivery, repaired + 1, Double.POSITIVE_INFINITY);
            return new Score(
                    "Q8",
                    "%s: no events for %d s".formatted(name, untilSeconds - fromSeconds),
                    "<= 1 point lost 1 s after repair",
                    "",
                    "%s points meanwhile, %s from 1 s after the repair on"
                            .formatted(during.text(2), after.text(2)),
                    Verdict.of(after.most() <= 1, true));
        }

        private SeededRuns runs(EventDelivery delivery) {
            return SeededRuns.of(traces, policy, config.with(delivery));
        }

        /// Points of the hit ratio of what arrives in a part of the trace.
        private Spread lost(EventDelivery delivery, double fromSeconds, double untilSeconds) {
            return Spread.of(
                    LongStream.rangeClosed(1, SeededRuns.SEEDS)
                            .parallel()
                            .mapToDouble(
                                    seed ->
                                            hits(PERFECT, seed, fromSeconds, untilSeconds)
                                                    - hits(
                                                            delivery,
                                                            seed,
                                                            fromSeconds,
                                                            untilSeconds)));
        }

        /// What arrives later changes nothing about the hits of what came before.
        private double hits(
                EventDelivery delivery, long seed, double fromSeconds, double untilSeconds) {
            RunResult before = run(delivery, seed, fromSeconds);
            RunResult whole = run(delivery, seed, untilSeconds);
            return 100.0
                    * (whole.cache().hitBlocks() - before.cache().hitBlocks())
                    / (whole.cache().blocks() - before.cache().blocks());
        }

        private RunResult run(EventDelivery delivery, long seed, double untilSeconds) {
            Trace trace = traces.apply(seed);
            var part =
                    new Trace(
                            trace.name(),
                            trace.blockSizeTokens(),
                            trace.requests().stream()
                                    .filter(it -> it.arrivalNanos() < untilSeconds * 1e9)
                                    .toList());
            return Replay.run(part, config.with(delivery), policy, seed);
        }

        private static Spread lost(SeededRuns whole, SeededRuns less) {
            return whole.with(
                    less,
                    (one, other) ->
                            100 * (one.cache().hitRatioBlocks() - other.cache().hitRatioBlocks()));
        }
    }
}
