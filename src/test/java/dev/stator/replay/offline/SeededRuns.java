package dev.stator.replay.offline;

import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;

import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What one policy did from each of the seeds, in their order. Ties, lots, lost events and made
/// traces differ from seed to seed; a bar holds when every one of them keeps it.
record SeededRuns(List<RunResult> runs) {
    static final int SEEDS = 3;

    /// A rule that draws no lots does the same from every seed, so it runs once.
    static SeededRuns of(Trace trace, String policy, ReplayConfig config) {
        PolicyChoice choice = PolicyChoice.parse(policy).getFirst();
        return choice instanceof PolicyChoice.Reference
                ? new SeededRuns(Collections.nCopies(SEEDS, Replay.run(trace, config, choice, 1)))
                : of(_ -> trace, policy, config);
    }

    /// @param traces by their seed
    static SeededRuns of(LongFunction<Trace> traces, String policy, ReplayConfig config) {
        return of(traces, PolicyChoice.parse(policy).getFirst(), config);
    }

    static SeededRuns of(LongFunction<Trace> traces, PolicyChoice choice, ReplayConfig config) {
        return new SeededRuns(
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .mapToObj(seed -> Replay.run(traces.apply(seed), config, choice, seed))
                        .toList());
    }

    Spread of(ToDoubleFunction<RunResult> figure) {
        return Spread.of(runs.stream().mapToDouble(figure));
    }

    /// Something of this policy's run and another's from the same seed.
    Spread with(SeededRuns other, ToDoubleBiFunction<RunResult, RunResult> figure) {
        return Spread.of(
                IntStream.range(0, SEEDS)
                        .mapToDouble(i -> figure.applyAsDouble(runs.get(i), other.runs.get(i))));
    }

    /// How much more than the other's from the same seed, as a part of it.
    Spread over(SeededRuns other, ToDoubleFunction<RunResult> figure) {
        return with(
                other, (mine, its) -> figure.applyAsDouble(mine) / figure.applyAsDouble(its) - 1);
    }

    Spread hits() {
        return of(it -> it.cache().hitRatioBlocks());
    }

    Spread work() {
        return of(it -> it.balance().workMaxOverMean());
    }

    Spread ttftMean() {
        return of(it -> it.ttft().mean());
    }

    /// Without time.
    String placement() {
        return "hit %s, work %s".formatted(hits().text(4), work().text(3));
    }

    /// With what became of the requests, as every table of latencies must.
    String times() {
        return ("TTFT %s s, p99 %s s, hit %s, busy %s;"
                        + " %s rejected, %s failed, %s migrated, %s/s in time")
                .formatted(
                        ttftMean().text(3),
                        of(it -> it.ttft().p99()).text(2),
                        hits().text(4),
                        of(it -> it.balance().busyFraction()).text(2),
                        of(it -> it.outcomes().rejected()).text(0),
                        of(it -> it.outcomes().failed()).text(0),
                        of(it -> it.outcomes().migrated()).text(0),
                        of(it -> it.flow().goodput()).text(2));
    }
}
