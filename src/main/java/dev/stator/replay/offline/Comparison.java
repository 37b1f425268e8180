package dev.stator.replay.offline;

import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.result.PolicyResult;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Several policies on one trace under one load, each from the same seeds.
///
/// @param firstSeed of `seeds` that follow each other
public record Comparison(
        Trace trace, ReplayConfig config, List<PolicyChoice> policies, long firstSeed, int seeds) {
    public Comparison {
        policies = List.copyOf(policies);
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds must be positive: " + seeds);
        }
    }

    /// One result per policy; where the watch has ended a run, the last one is of that run alone.
    public List<PolicyResult> run(ReplayWatch watch) {
        List<PolicyResult> results = new ArrayList<>();
        for (PolicyChoice policy : policies) {
            if (!run(policy, watch, results)) {
                break;
            }
        }
        return results;
    }

    /// False when the watch has ended it.
    private boolean run(PolicyChoice policy, ReplayWatch watch, List<PolicyResult> results) {
        List<RunResult> whole = new ArrayList<>();
        Optional<RunResult> interrupted = Optional.empty();
        for (int i = 0; i < seeds && interrupted.isEmpty(); i++) {
            RunResult run = Replay.run(trace, config, policy, firstSeed + i, watch);
            if (run.isInterrupted()) {
                interrupted = Optional.of(run);
            } else {
                whole.add(run);
            }
        }
        if (!whole.isEmpty()) {
            results.add(new PolicyResult(policy.name(), whole));
        }
        interrupted.ifPresent(it -> results.add(new PolicyResult(policy.name(), List.of(it))));
        return interrupted.isEmpty();
    }
}
