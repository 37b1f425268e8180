package dev.stator.replay.result;

import java.util.stream.Collectors;

/// Results as CSV: one line per policy and seed.
public final class ResultCsv {
    private ResultCsv() {}

    public static String of(ReplayReport report) {
        var out = new StringBuilder("trace,policy,seed");
        Figure.ALL.forEach(it -> out.append(',').append(it.name()));
        out.append(",interrupted\n");
        for (PolicyResult policy : report.policies()) {
            for (RunResult run : policy.runs()) {
                out.append(quoted(report.trace())).append(',').append(policy.policy());
                out.append(',').append(run.seed()).append(',').append(figures(run));
                out.append(',').append(run.isInterrupted()).append('\n');
            }
        }
        return out.toString();
    }

    private static String figures(RunResult run) {
        return Figure.ALL.stream()
                .map(it -> text(it.value().applyAsDouble(run)))
                .collect(Collectors.joining(","));
    }

    private static String text(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
