package dev.stator.replay.load.result;

import dev.stator.replay.load.result.LoadSummary.Period;
import dev.stator.replay.report.Report;
import dev.stator.replay.report.Report.Curve;
import dev.stator.replay.report.Report.Distributions;
import dev.stator.replay.report.Report.Moment;
import dev.stator.replay.report.Report.OverTime;
import dev.stator.replay.report.Report.Point;
import dev.stator.replay.report.Report.Section;
import dev.stator.replay.report.Report.Series;
import dev.stator.replay.report.Report.Table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/// Tells a run as a page.
public final class LoadPage {
    /// Shown even when there is none.
    private static final Set<Verdict> ALWAYS =
            Set.of(Verdict.COMPLETED, Verdict.REJECTED, Verdict.FAILED);

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private LoadPage() {}

    /// @param more facts besides those of the run: where, when, by which command
    public static Report of(LoadSummary summary, Map<String, String> more) {
        Map<String, String> facts = new LinkedHashMap<>(summary.facts());
        facts.put("elapsed", Words.seconds(summary.elapsedNanos()) + " s");
        facts.putAll(more);
        List<Section> sections = new ArrayList<>();
        sections.add(requests(summary));
        sections.add(
                curves(
                        summary,
                        "From when a request was due",
                        "A request that had to wait before it could be sent is measured from when"
                                + " it was due, so a server that stalls is not spared.",
                        List.of("TTFT", "end to end", "sent late by")));
        sections.add(
                curves(
                        summary,
                        "Between tokens",
                        "Token gap: between two pieces of a stream, over all streams. Per token:"
                                + " the mean of each stream.",
                        List.of("token gap", "per token")));
        sections.add(overTime(summary));
        sections.add(tokens(summary));
        return new Report(
                "Load on " + summary.facts().getOrDefault("model", "a server"),
                headline(summary),
                facts,
                sections);
    }

    private static String headline(LoadSummary summary) {
        return "%s of %s requests completed, %s failed. TTFT p50 %s ms, p99 %s ms; %s tokens/s; %s"
                .formatted(
                        Words.count(summary.count(Verdict.COMPLETED)),
                        Words.count(summary.sent()),
                        Words.count(summary.count(Verdict.FAILED)),
                        Words.millis(summary.latencies().ttft().quantileNanos(0.5)),
                        Words.millis(summary.latencies().ttft().quantileNanos(0.99)),
                        Words.rate(summary.perSecond(summary.tokens().output())),
                        summary.verification().found().total() == 0
                                ? "no token was out of place."
                                : LoadText.found(summary) + ".");
    }

    private static Section requests(LoadSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            long count = summary.count(verdict);
            if (count > 0 || ALWAYS.contains(verdict)) {
                rows.add(row(summary, verdict.name().toLowerCase(Locale.ROOT), count));
            }
        }
        summary.reasons()
                .forEach((reason, count) -> rows.add(row(summary, "because " + reason, count)));
        rows.add(row(summary, "within " + summary.slo().words(), summary.good()));
        String migrated = LoadText.migrated(summary);
        rows.add(List.of("migrated between workers", migrated, "", ""));
        return new Table("Requests", "", List.of("", "requests", "share", "per second"), rows);
    }

    private static List<String> row(LoadSummary summary, String name, long count) {
        return List.of(
                name,
                Words.count(count),
                LoadText.share(count, summary.sent()),
                Words.rate(summary.perSecond(count)));
    }

    private static Section curves(
            LoadSummary summary, String title, String note, List<String> names) {
        Map<String, LatencyHistogram> histograms = LoadText.byName(summary.latencies());
        List<Curve> curves = new ArrayList<>();
        for (String name : names) {
            List<Point> points =
                    histograms.getOrDefault(name, new LatencyHistogram()).distribution().stream()
                            .map(it -> new Point(it.nanos() / NANOS_PER_MILLI, it.fraction()))
                            .toList();
            curves.add(new Curve(name, points));
        }
        return new Distributions(title, note, "milliseconds", curves);
    }

    private static Section overTime(LoadSummary summary) {
        List<Series> series = new ArrayList<>();
        series.add(series(summary, "Tokens", Period::tokens));
        series.add(series(summary, "Completed", Period::completed));
        if (summary.periods().stream().anyMatch(it -> it.unserved() > 0)) {
            series.add(series(summary, "Not completed", Period::unserved));
        }
        return new OverTime("Over time", "", false, series);
    }

    private static Series series(LoadSummary summary, String name, ToLongFunction<Period> count) {
        List<Moment> moments = new ArrayList<>();
        long sum = 0;
        for (Period period : summary.periods()) {
            sum += count.applyAsLong(period);
            double seconds = period.nanos() / NANOS_PER_SECOND;
            double middle = period.fromNanos() + period.nanos() / 2.0;
            if (middle <= summary.elapsedNanos()) {
                double perSecond = count.applyAsLong(period) / seconds;
                moments.add(Moment.of(middle / NANOS_PER_SECOND, perSecond));
            }
        }
        String mean = Words.rate(summary.perSecond(sum)) + " per second on average";
        return new Series(name, mean, "per second", moments);
    }

    private static Section tokens(LoadSummary summary) {
        TokenCounts tokens = summary.tokens();
        return new Table(
                "Tokens",
                "Held against: " + summary.verification().how() + ".",
                List.of("prompt", "cached", "output", "lost", "repeated", "reordered", "wrong"),
                List.of(
                        List.of(
                                Words.count(tokens.prompt()),
                                LoadText.share(tokens.cached(), tokens.prompt()),
                                Words.count(tokens.output()),
                                Words.count(summary.verification().found().lost()),
                                Words.count(summary.verification().found().repeated()),
                                Words.count(summary.verification().found().reordered()),
                                Words.count(summary.verification().found().wrong()))));
    }
}
