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

    /// The runs that came to their end; all of them unless the watch has stopped it.
    public List<PolicyResult> run(ReplayWatch watch) {
        List<PolicyResult> results = new ArrayList<>();
        for (PolicyChoice policy : policies) {
            List<RunResult> runs = new ArrayList<>();
            boolean goesOn = run(policy, watch, runs);
            if (!runs.isEmpty()) {
                results.add(new PolicyResult(policy.name(), runs));
            }
            if (!goesOn) {
                break;
            }
        }
        return results;
    }

    private boolean run(PolicyChoice policy, ReplayWatch watch, List<RunResult> runs) {
        for (int i = 0; i < seeds; i++) {
            Optional<RunResult> run = Replay.run(trace, config, policy, firstSeed + i, watch);
            if (run.isEmpty()) {
                return false;
            }
            runs.add(run.get());
        }
        return true;
    }
}
