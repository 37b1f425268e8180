package dev.stator.replay.load.result;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.replay.load.ledger.Discrepancies;

import java.util.Locale;

/// Tells a run to programs, as one JSON document. Durations are in milliseconds.
public final class LoadJson {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private LoadJson() {}

    public static String of(LoadSummary summary) {
        var facts = new JsonObjectBuilder();
        summary.facts().forEach((name, words) -> facts.put(name.replace(' ', '_'), words));
        var requests = new JsonObjectBuilder().put("sent", summary.sent());
        for (Verdict verdict : Verdict.values()) {
            requests.put(verdict.name().toLowerCase(Locale.ROOT), summary.count(verdict));
        }
        summary.migrated()
                .ifPresentOrElse(
                        it -> requests.put("migrated", it), () -> requests.putNull("migrated"));
        var reasons = new JsonObjectBuilder();
        summary.reasons().forEach(reasons::put);
        TokenCounts tokens = summary.tokens();
        return Json.write(
                new JsonObjectBuilder()
                        .put("facts", facts.build())
                        .put("elapsed_s", summary.elapsedNanos() / NANOS_PER_SECOND)
                        .put("requests", requests.build())
                        .put("reasons", reasons.build())
                        .put("requests_per_s", perSecond(summary, Verdict.COMPLETED))
                        .put("tokens_per_s", summary.perSecond(tokens.output()))
                        .put("goodput_per_s", summary.perSecond(summary.good()))
                        .put("good", summary.good())
                        .put("slo", summary.slo().words())
                        .put("latency_ms", latencies(summary.latencies()))
                        .put("prompt_tokens", tokens.prompt())
                        .put("cached_tokens", tokens.cached())
                        .put("output_tokens", tokens.output())
                        .put("verification", verification(summary.verification()))
                        .build());
    }

    private static double perSecond(LoadSummary summary, Verdict verdict) {
        return summary.perSecond(summary.count(verdict));
    }

    private static JsonObject latencies(LoadSummary.Latencies latencies) {
        var out = new JsonObjectBuilder();
        LoadText.byName(latencies)
                .forEach(
                        (name, it) ->
                                out.put(
                                        name.toLowerCase(Locale.ROOT).replace(' ', '_'),
                                        figures(it)));
        return out.build();
    }

    private static JsonObject figures(LatencyHistogram histogram) {
        return new JsonObjectBuilder()
                .put("count", histogram.count())
                .put("mean", histogram.meanNanos() / NANOS_PER_MILLI)
                .put("p50", quantile(histogram, 0.5))
                .put("p90", quantile(histogram, 0.9))
                .put("p99", quantile(histogram, 0.99))
                .put("p999", quantile(histogram, 0.999))
                .put("max", histogram.maxNanos() / NANOS_PER_MILLI)
                .build();
    }

    private static double quantile(LatencyHistogram histogram, double quantile) {
        return histogram.quantileNanos(quantile) / NANOS_PER_MILLI;
    }

    private static JsonObject verification(LoadSummary.Verification verification) {
        Discrepancies found = verification.found();
        return new JsonObjectBuilder()
                .put("how", verification.how())
                .put("lost", found.lost())
                .put("repeated", found.repeated())
                .put("reordered", found.reordered())
                .put("wrong", found.wrong())
                .build();
    }
}
