package dev.stator.replay.offline;

import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.generator.CustomerLoad;

import java.util.ArrayList;
import java.util.List;

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
        Trace trace = CustomerLoad.published(rate, SECONDS).trace(1);
        ReplayConfig config =
                ReplayConfig.DEFAULT
                        .with(new TimeModel.Batching(BatchLimits.DEFAULT))
                        .withWorkers(8, CAPACITY_BLOCKS);
        RunResult random = HitScores.run(trace, "random", config);
        RunResult kv = HitScores.run(trace, "kv", config);
        double factor = random.ttft().p90() / kv.ttft().p90();
        boolean isSaturated = random.ttft().p90() > 10;
        String test = "customers, %.0f requests/s".formatted(rate);
        var scores = new ArrayList<Score>();
        scores.add(
                isSaturated
                        ? new Score(
                                "Q7",
                                test,
                                "TTFT p90 10 times below random",
                                "50 times",
                                "%.0f times, %s".formatted(factor, shown(kv)),
                                Verdict.of(factor >= 10, factor >= 50))
                        : new Score("Q7", test, "", "", shown(kv), Verdict.SHOWN));
        scores.add(Score.shown("  random", shown(random)));
        for (String policy : List.of("least-loaded", "round-robin", "blocks")) {
            scores.add(Score.shown("  " + policy, shown(HitScores.run(trace, policy, config))));
        }
        return scores;
    }

    private static String shown(RunResult run) {
        return "p90 %.2f s, ITL %.1f ms, %s"
                .formatted(run.ttft().p90(), 1e3 * run.interToken().mean(), TimeScores.shown(run));
    }
}
