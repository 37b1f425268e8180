package dev.stator.replay.result;

import dev.stator.replay.result.ReplayReport.HitLadder;
import dev.stator.replay.result.RunResult.CacheUse;
import dev.stator.replay.result.RunResult.Flow;
import dev.stator.replay.result.RunResult.Outcomes;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Made results.
final class Runs {
    private Runs() {}

    /// Two workers, of which one does three times the other's work for `buckets` seconds.
    static RunResult run(long hits, int buckets, Distribution ttft) {
        return new RunResult(
                1,
                false,
                10,
                new Outcomes(1, 0, 0),
                new CacheUse(100, hits, 1_600, hits * 16),
                ttft,
                Distribution.EMPTY,
                Distribution.EMPTY,
                new Flow(2, 0, 0),
                balance(buckets),
                Duration.ofSeconds(1));
    }

    private static LoadBalance balance(int buckets) {
        return new LoadBalance(
                1,
                List.of(Collections.nCopies(buckets, 30L), Collections.nCopies(buckets, 10L)),
                List.of(5, 5),
                List.of(1.0, 1.0),
                buckets);
    }

    /// The same, ended by somebody.
    static RunResult interrupted(RunResult run) {
        return new RunResult(
                run.seed(),
                true,
                run.requests(),
                run.outcomes(),
                run.cache(),
                run.ttft(),
                run.endToEnd(),
                run.interToken(),
                run.flow(),
                run.balance(),
                run.wallTime());
    }

    static ReplayReport report(PolicyResult... policies) {
        return new ReplayReport(
                "t.jsonl", Map.of("workers", "2"), new HitLadder(0.4, 0.3), List.of(policies));
    }
}
