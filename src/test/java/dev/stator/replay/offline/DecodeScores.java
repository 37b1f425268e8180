package dev.stator.replay.offline;

import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.generator.CustomerLoad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/// Q7: customers with long contexts on workers that decode, at rates up to the one where random
/// routing drowns. All contexts together take 73 % of the workers' caches.
final class DecodeScores {
    private static final int CAPACITY_BLOCKS = 19_250; // of 16 tokens: 8 workers hold 2.46 M tokens
    private static final double SECONDS = 120;
    private static final double[] RATES = {5, 10, 20};

    private DecodeScores() {}

    static List<Score> customers() {
        var scores = new ArrayList<Score>();
        for (double rate : RATES) {
            scores.addAll(customers(rate));
        }
        return scores;
    }

    private static List<Score> customers(double rate) {
        LongFunction<Trace> traces = CustomerLoad.published(rate, SECONDS)::trace;
        ReplayConfig config =
                ReplayConfig.DEFAULT
                        .with(new TimeModel.Batching(BatchLimits.DEFAULT))
                        .withWorkers(8, CAPACITY_BLOCKS);
        SeededRuns random = SeededRuns.of(traces, "random", config);
        SeededRuns kv = SeededRuns.of(traces, "kv", config);
        Spread factor = random.with(kv, (its, ours) -> its.ttft().p90() / ours.ttft().p90());
        boolean isSaturated = random.of(it -> it.ttft().p90()).least() > 10;
        String test = "customers, %.0f requests/s".formatted(rate);
        var scores = new ArrayList<Score>();
        scores.add(
                isSaturated
                        ? new Score(
                                "Q7",
                                test,
                                "TTFT p90 10 times below random",
                                "50 times",
                                "%s times, %s".formatted(factor.text(0), shown(kv)),
                                Verdict.of(factor.least() >= 10, factor.least() >= 50))
                        : new Score("Q7", test, "", "", shown(kv), Verdict.SHOWN));
        scores.add(Score.shown("  random", shown(random)));
        for (String policy : List.of("least-loaded", "round-robin", "blocks")) {
            scores.add(Score.shown("  " + policy, shown(SeededRuns.of(traces, policy, config))));
        }
        return scores;
    }

    private static String shown(SeededRuns runs) {
        return "p90 %s s, ITL %s ms, %s"
                .formatted(
                        runs.of(it -> it.ttft().p90()).text(2),
                        runs.of(it -> 1e3 * it.interToken().mean()).text(1),
                        runs.times());
    }
}
