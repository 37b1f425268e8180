package dev.stator.replay.result;

import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

/// Results as JSON: the mean over the seeds of every figure, and the runs by themselves when there
/// are several.
public final class ResultJson {
    private ResultJson() {}

    public static JsonObject of(ReplayReport report) {
        var settings = new JsonObjectBuilder();
        report.settings().forEach(settings::put);
        return new JsonObjectBuilder()
                .put("trace", report.trace())
                .put("settings", settings.build())
                .put("hit_ratio_unbounded", report.ladder().unbounded())
                .put("hit_ratio_capacity_bound", report.ladder().capacityBound())
                .putAll("policies", report.policies().stream().map(ResultJson::policy).toList())
                .build();
    }

    private static JsonObject policy(PolicyResult policy) {
        var json =
                new JsonObjectBuilder()
                        .put("policy", policy.policy())
                        .put("interrupted", policy.isInterrupted());
        for (Figure figure : Figure.ALL) {
            put(json, figure, policy.mean(figure.value()));
        }
        if (policy.runs().size() > 1) {
            json.putAll("runs", policy.runs().stream().map(ResultJson::run).toList());
        }
        return json.build();
    }

    private static JsonObject run(RunResult run) {
        var json = new JsonObjectBuilder().put("seed", run.seed());
        for (Figure figure : Figure.ALL) {
            put(json, figure, figure.value().applyAsDouble(run));
        }
        return json.build();
    }

    private static void put(JsonObjectBuilder json, Figure figure, double value) {
        if (figure.decimals() == 0 && value == Math.rint(value)) {
            json.put(figure.name(), (long) value);
        } else {
            json.put(figure.name(), value);
        }
    }
}
