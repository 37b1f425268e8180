package dev.stator.replay.offline;

import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;

import java.util.ArrayList;
import java.util.List;

/// Q4, Q5, Q9: with time, each worker computing one prompt after the other.
final class TimeScores {
    private static final int CAPACITY_BLOCKS = 5_859;
    private static final int AGENTIC_CAPACITY_BLOCKS = 16_384;
    private static final double FITTED_FLOPS = 2.073e15;
    private static final int WARM_UPS = 3;

    private TimeScores() {}

    static List<Score> conversation() {
        Trace trace = Traces.mooncake("conversation");
        ReplayConfig config = config(FITTED_FLOPS).withWorkers(4, CAPACITY_BLOCKS);
        SeededRuns kv = SeededRuns.of(trace, "kv", config);
        double mean = kv.ttftMean().most();
        var scores = new ArrayList<Score>();
        scores.add(
                new Score(
                        "Q4",
                        "conversation, 4 workers, 2.073e15 FLOP/s",
                        "TTFT mean <= 3.8 s",
                        "<= 3.2 s",
                        kv.times(),
                        Verdict.of(mean <= 3.8, mean <= 3.2)));
        for (String policy :
                List.of(
                        "blocks",
                        "lmetric",
                        "least_queue_time",
                        "cache_aware_min_ttft",
                        "random")) {
            SeededRuns other = SeededRuns.of(trace, policy, config);
            scores.add(Score.shown("  " + policy, other.times()));
        }
        scores.addAll(againstBlocks());
        return scores;
    }

    /// Every trace with reuse, at several operating points.
    private static List<Score> againstBlocks() {
        var scores = new ArrayList<Score>();
        for (String name : List.of("conversation", "synthetic")) {
            for (Point point : Point.ALL) {
                scores.add(againstBlocks(name, Traces.mooncake(name), point.config()));
            }
        }
        ReplayConfig agents = config(1.25e15).withWorkers(8, AGENTIC_CAPACITY_BLOCKS);
        scores.add(againstBlocks("agents", Traces.agentic(false), agents));
        scores.add(againstBlocks("agents, shared prefix", Traces.agentic(true), agents));
        return scores;
    }

    private static Score againstBlocks(String name, Trace trace, ReplayConfig config) {
        SeededRuns kv = SeededRuns.of(trace, "kv", config);
        SeededRuns blocks = SeededRuns.of(trace, "blocks", config);
        Spread mean = kv.over(blocks, it -> it.ttft().mean());
        Spread p99 = kv.over(blocks, it -> it.ttft().p99());
        return new Score(
                "Q4",
                "%s, %d workers: better than blocks".formatted(name, config.workers()),
                "mean less, p99 within 1 %",
                "both less",
                compared(mean, p99, kv),
                Verdict.of(
                        mean.most() < 0 && p99.most() <= 0.01, mean.most() < 0 && p99.most() < 0));
    }

    static List<Score> withoutReuse() {
        var scores = new ArrayList<Score>();
        for (String name : List.of("conv", "code")) {
            for (double speed : new double[] {1, 5}) {
                scores.addAll(withoutReuse(name, speed));
            }
        }
        return scores;
    }

    private static List<Score> withoutReuse(String name, double speed) {
        Trace trace = Traces.azure(name);
        ReplayConfig config = config(1.25e15).withWorkers(4, CAPACITY_BLOCKS).withSpeed(speed);
        SeededRuns kv = SeededRuns.of(trace, "kv", config);
        SeededRuns least = SeededRuns.of(trace, "least_queue_time", config);
        Spread mean = kv.over(least, it -> it.ttft().mean());
        Spread p99 = kv.over(least, it -> it.ttft().p99());
        return List.of(
                new Score(
                        "Q5",
                        "azure %s x%.0f, 4 workers, no reuse".formatted(name, speed),
                        "mean, p99 within 2 % of least queue",
                        "within 0.5 %",
                        compared(mean, p99, kv),
                        Verdict.of(
                                mean.most() <= 0.02 && p99.most() <= 0.02,
                                mean.most() <= 0.005 && p99.most() <= 0.005)),
                Score.shown("  least_queue_time", least.times()),
                Score.shown("  blocks", SeededRuns.of(trace, "blocks", config).times()));
    }

    private static String compared(Spread mean, Spread p99, SeededRuns kv) {
        return "mean %s, p99 %s (%s)".formatted(mean.percent(), p99.percent(), kv.times());
    }

    static List<Score> speed() {
        Trace trace = Traces.mooncake("conversation");
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= WARM_UPS; i++) {
            PolicyChoice kv = PolicyChoice.parse("kv").getFirst();
            RunResult run = Replay.run(trace, ReplayConfig.DEFAULT, kv, 1);
            best = Math.min(best, run.wallTime().toNanos() / 1e9);
        }
        return List.of(
                new Score(
                        "Q9",
                        "12,031 requests, 8 workers, warm",
                        "<= 1.5 s",
                        "<= 0.5 s",
                        "%.2f s".formatted(best),
                        Verdict.of(best <= 1.5, best <= 0.5)));
    }

    /// An operating point.
    private record Point(int workers, double flops) {
        static final List<Point> ALL =
                List.of(
                        new Point(4, FITTED_FLOPS),
                        new Point(8, 1.25e15),
                        new Point(8, 2.5e15),
                        new Point(16, 1.25e15));

        ReplayConfig config() {
            return TimeScores.config(flops).withWorkers(workers, CAPACITY_BLOCKS);
        }
    }

    private static ReplayConfig config(double flops) {
        return ReplayConfig.DEFAULT.with(new TimeModel.PrefillQueue(new PrefillTime(flops)));
    }
}
