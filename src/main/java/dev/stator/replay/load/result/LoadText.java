package dev.stator.replay.load.result;

import dev.stator.replay.load.ledger.Discrepancies;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Tells a run to people, in a page of text.
public final class LoadText {
    private static final String FIGURES = "  %-12s %9s %9s %9s %9s %9s %9s%n";
    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};

    private LoadText() {}

    public static String of(LoadSummary summary) {
        var out = new StringBuilder();
        summary.facts().forEach((name, words) -> line(out, name, words));
        line(out, "elapsed", Words.seconds(summary.elapsedNanos()) + " s");
        out.append('\n');
        appendRequests(out, summary);
        appendLatencies(out, summary.latencies());
        appendTokens(out, summary);
        return out.toString();
    }

    private static void appendRequests(StringBuilder out, LoadSummary summary) {
        var words = new StringBuilder(Words.count(summary.sent()) + " sent");
        for (Verdict verdict : Verdict.values()) {
            words.append(", ").append(Words.count(summary.count(verdict)));
            words.append(' ').append(verdict.name().toLowerCase(Locale.ROOT));
        }
        line(out, "requests", words.toString());
        line(out, "migrated", migrated(summary));
        summary.reasons().forEach((why, n) -> line(out, "", Words.count(n) + " x " + why));
        long completed = summary.count(Verdict.COMPLETED);
        long tokens = summary.tokens().output();
        line(
                out,
                "throughput",
                "%s requests/s completed, %s tokens/s"
                        .formatted(
                                Words.rate(summary.perSecond(completed)),
                                Words.rate(summary.perSecond(tokens))));
        line(
                out,
                "goodput",
                "%s requests/s, %s of all, with %s"
                        .formatted(
                                Words.rate(summary.perSecond(summary.good())),
                                share(summary.good(), summary.sent()),
                                summary.slo().words()));
        out.append('\n');
    }

    static String migrated(LoadSummary summary) {
        return summary.migrated().isPresent()
                ? Words.count(summary.migrated().getAsLong())
                : "the target counts none";
    }

    private static void appendLatencies(StringBuilder out, LoadSummary.Latencies latencies) {
        out.append(
                String.format(
                        Locale.ROOT, FIGURES, "ms", "mean", "p50", "p90", "p99", "p99.9", "max"));
        byName(latencies).forEach((name, histogram) -> figures(out, name, histogram));
        out.append('\n');
    }

    /// The distributions of a run under their names, in the order in which they are shown.
    static Map<String, LatencyHistogram> byName(LoadSummary.Latencies latencies) {
        Map<String, LatencyHistogram> named = new LinkedHashMap<>();
        named.put("TTFT", latencies.ttft());
        named.put("token gap", latencies.gap());
        named.put("per token", latencies.perToken());
        named.put("end to end", latencies.endToEnd());
        named.put("sent late by", latencies.lag());
        return named;
    }

    private static void figures(StringBuilder out, String name, LatencyHistogram histogram) {
        Object[] cells = new Object[QUANTILES.length + 3];
        cells[0] = name;
        cells[1] = Words.millis(histogram.meanNanos());
        for (int i = 0; i < QUANTILES.length; i++) {
            cells[i + 2] = Words.millis(histogram.quantileNanos(QUANTILES[i]));
        }
        cells[cells.length - 1] = Words.millis(histogram.maxNanos());
        out.append(String.format(Locale.ROOT, FIGURES, cells));
    }

    private static void appendTokens(StringBuilder out, LoadSummary summary) {
        TokenCounts tokens = summary.tokens();
        line(
                out,
                "tokens",
                "%s in, %s of them cached (%s), %s out"
                        .formatted(
                                Words.count(tokens.prompt()),
                                Words.count(tokens.cached()),
                                share(tokens.cached(), tokens.prompt()),
                                Words.count(tokens.output())));
        line(out, "verified", summary.verification().how() + ": " + found(summary));
    }

    static String found(LoadSummary summary) {
        Discrepancies found = summary.verification().found();
        return "%s lost, %s repeated, %s reordered, %s wrong"
                .formatted(
                        Words.count(found.lost()),
                        Words.count(found.repeated()),
                        Words.count(found.reordered()),
                        Words.count(found.wrong()));
    }

    static String share(long part, long whole) {
        return Words.percent(whole == 0 ? 0 : (double) part / whole);
    }

    private static void line(StringBuilder out, String name, String words) {
        out.append(String.format(Locale.ROOT, "%-13s %s%n", name, words));
    }
}
