package dev.stator.replay.offline;

import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.generator.CustomerLoad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/// Q7: customers with long contexts on workers that decode, at rates where random routing drowns,
/// and in the stages of llm-d's comparison. All contexts together take 73 % of the workers' caches.
final class DecodeScores {
    private static final int CAPACITY_BLOCKS = 19_208; // of 16 tokens: 307,328 tokens
    private static final double SECONDS = 120;
    private static final double[] RATES = {10, 20};
    private static final ReplayConfig CONFIG =
            ReplayConfig.DEFAULT
                    .with(new TimeModel.Batching(BatchLimits.DEFAULT))
                    .withWorkers(8, CAPACITY_BLOCKS);

    private DecodeScores() {}

    static List<Score> customers() {
        var scores = new ArrayList<Score>();
        for (double rate : RATES) {
            scores.addAll(customers(rate));
        }
        scores.addAll(ladder());
        return scores;
    }

    /// Output tokens per second, TTFT and queue, as llm-d prints them, beside what it measured.
    private static List<Score> ladder() {
        List<SeededRuns> runs =
                Stream.of("llmd_precise", "llmd_approximate", "llmd_load", "random")
                        .map(DecodeScores::ladder)
                        .toList();
        SeededRuns random = runs.getLast();
        boolean isOrdered =
                isBetter(runs.get(0), runs.get(1))
                        && isBetter(runs.get(1), runs.get(2))
                        && isBetter(runs.get(1), random);
        return List.of(
                new Score(
                        "Q7",
                        "customers, 3 to 60 requests/s: llmd_precise",
                        "precise > approximate > load, random",
                        "",
                        published(runs.get(0)) + "; measured by llm-d: 8730, 0.542, 0.298, 0.1",
                        Verdict.of(isOrdered, true)),
                Score.shown(
                        "  llmd_approximate",
                        published(runs.get(1)) + "; measured: 6944, 31.083, 13.316, 8.1"),
                Score.shown(
                        "  llmd_load",
                        published(runs.get(2)) + "; measured: 4266, 94.865, 46.987, 28.9"),
                Score.shown(
                        "  random", published(random) + "; measured: 4429, 92.551, 45.281, 27.3"),
                Score.shown("  blocks", published(ladder("blocks"))),
                Score.shown("  kv", published(ladder("kv"))));
    }

    private static SeededRuns ladder(String policy) {
        return SeededRuns.of(CustomerLoad.ladder()::trace, policy, CONFIG);
    }

    private static boolean isBetter(SeededRuns one, SeededRuns other) {
        return one.of(it -> it.flow().outputTokensPerSecond()).least()
                        > other.of(it -> it.flow().outputTokensPerSecond()).most()
                && one.ttftMean().most() < other.ttftMean().least()
                && one.of(it -> it.ttft().p90()).most() < other.of(it -> it.ttft().p90()).least();
    }

    private static String published(SeededRuns runs) {
        return "%s tok/s, TTFT p90 %s s, mean %s s, %s waiting; %s rejected, %s failed"
                .formatted(
                        runs.of(it -> it.flow().outputTokensPerSecond()).text(0),
                        runs.of(it -> it.ttft().p90()).text(3),
                        runs.ttftMean().text(3),
                        runs.of(it -> it.flow().waiting()).text(1),
                        runs.of(it -> it.outcomes().rejected()).text(0),
                        runs.of(it -> it.outcomes().failed()).text(0));
    }

    private static List<Score> customers(double rate) {
        LongFunction<Trace> traces = CustomerLoad.published(rate, SECONDS)::trace;
        SeededRuns random = SeededRuns.of(traces, "random", CONFIG);
        SeededRuns kv = SeededRuns.of(traces, "kv", CONFIG);
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
            scores.add(Score.shown("  " + policy, shown(SeededRuns.of(traces, policy, CONFIG))));
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
