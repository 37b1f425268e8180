package dev.stator.replay.result;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// What one policy reached, once per seed.
///
/// @param runs at least one; an interrupted one stands alone
public record PolicyResult(String policy, List<RunResult> runs) {
    public PolicyResult {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("no run of " + policy);
        }
        if (runs.size() > 1 && runs.stream().anyMatch(RunResult::isInterrupted)) {
            throw new IllegalArgumentException(
                    "an interrupted run of " + policy + " stands among " + runs.size());
        }
    }

    public boolean isInterrupted() {
        return runs.getFirst().isInterrupted();
    }

    /// The policy as it is shown.
    public String label() {
        return isInterrupted() ? policy + " (interrupted)" : policy;
    }

    /// The mean of a figure over the runs.
    public double mean(ToDoubleFunction<RunResult> figure) {
        return runs.stream().mapToDouble(figure).average().orElseThrow();
    }

    /// Half the distance between the smallest and the largest value of a figure.
    public double spread(ToDoubleFunction<RunResult> figure) {
        var values = runs.stream().mapToDouble(figure).summaryStatistics();
        return (values.getMax() - values.getMin()) / 2;
    }
}
