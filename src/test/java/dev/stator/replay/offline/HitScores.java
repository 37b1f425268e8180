package dev.stator.replay.offline;

import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.trace.Trace;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Q1, Q2, Q3, Q6: hits and balance without time, each request done before the next one comes.
final class HitScores {
    private static final ReplayConfig CONFIG = ReplayConfig.DEFAULT.with(new TimeModel.None());
    private static final int AGENTIC_CAPACITY_BLOCKS = 16_384;
    private static final int CAPACITY_BLOCKS = 5_859;

    private HitScores() {}

    static List<Score> conversation() {
        return mooncake("Q1", "conversation", new Bars(0.33, 0.345));
    }

    static List<Score> synthetic() {
        return mooncake("Q2", "synthetic", new Bars(0.60, 0.635));
    }

    static List<Score> agentic() {
        return Stream.of(false, true).flatMap(it -> agentic(it).stream()).toList();
    }

    static List<Score> trap() {
        var scores = new ArrayList<Score>();
        for (int workers : new int[] {4, 8, 16}) {
            ReplayConfig config = CONFIG.withWorkers(workers, CAPACITY_BLOCKS);
            Spread work = run("kv", "conversation", config).work();
            scores.add(
                    new Score(
                            "Q6",
                            "conversation, " + workers + " workers: no herd",
                            "work <= 1.2",
                            "<= 1.05",
                            "work " + work.text(3),
                            Verdict.of(work.most() <= 1.2, work.most() <= 1.05)));
            Spread herd = run("longest_prefix", "conversation", config).work();
            scores.add(Score.shown("  longest_prefix", "work " + herd.text(3)));
        }
        return scores;
    }

    private static List<Score> mooncake(String id, String name, Bars bars) {
        SeededRuns kv = run("kv", name, CONFIG);
        double hit = kv.hits().least();
        double balance = kv.work().most();
        var scores = new ArrayList<Score>();
        scores.add(
                new Score(
                        id,
                        name + ", 8 workers of 3 M tokens",
                        "hit >= %.3f, work <= 1.15".formatted(bars.hit),
                        ">= %.3f, <= 1.05".formatted(bars.hitAim),
                        kv.placement(),
                        Verdict.of(
                                hit >= bars.hit && balance <= 1.15,
                                hit >= bars.hitAim && balance <= 1.05)));
        for (String policy : List.of("blocks", "round-robin", "balanced_prefix")) {
            scores.add(Score.shown("  " + policy, run(policy, name, CONFIG).placement()));
        }
        scores.add(
                Score.shown(
                        "  kv with time, 1.25e15 FLOP/s",
                        run("kv", name, ReplayConfig.DEFAULT).placement()));
        return scores;
    }

    private static List<Score> agentic(boolean isShared) {
        Trace trace = Traces.agentic(isShared);
        ReplayConfig config = CONFIG.withWorkers(8, AGENTIC_CAPACITY_BLOCKS);
        SeededRuns kv = SeededRuns.of(trace, "kv", config);
        SeededRuns sticky = SeededRuns.of(trace, "sticky_session", config);
        double hit = kv.hits().least() - sticky.hits().most();
        double balance = kv.work().most();
        boolean isBetter = hit > 0 && balance < sticky.work().least();
        return List.of(
                new Score(
                        "Q3",
                        isShared ? "agents, shared prefix" : "agents",
                        "hit >= sticky - 0.005, work <= 1.15",
                        "both above sticky",
                        kv.placement(),
                        Verdict.of(hit >= -0.005 && balance <= 1.15, isBetter)),
                Score.shown("  sticky_session", sticky.placement()),
                Score.shown("  blocks", SeededRuns.of(trace, "blocks", config).placement()),
                Score.shown(
                        "  kv with time, 1.25e15 FLOP/s",
                        SeededRuns.of(
                                        trace,
                                        "kv",
                                        ReplayConfig.DEFAULT.withWorkers(
                                                8, AGENTIC_CAPACITY_BLOCKS))
                                .placement()));
    }

    private static SeededRuns run(String policy, String trace, ReplayConfig config) {
        return SeededRuns.of(Traces.mooncake(trace), policy, config);
    }

    private record Bars(double hit, double hitAim) {}
}
