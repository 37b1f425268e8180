package dev.stator.replay.result;

import dev.stator.replay.report.Report;
import dev.stator.replay.report.Report.Bar;
import dev.stator.replay.report.Report.Bars;
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
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;

/// Results as a page with plots. The plots are of each policy's first run.
public final class ResultPage {
    /// More moments than these are drawn together.
    private static final int MOMENTS_MAX = 120;

    private static final Set<String> PLACEMENT =
            Set.of(
                    "requests",
                    "hit_ratio_blocks",
                    "work_max_over_mean",
                    "rejected",
                    "failed",
                    "migrated",
                    "busy_fraction");

    private ResultPage() {}

    /// @param more facts besides the settings: where, when, by which command
    public static Report of(ReplayReport report, Map<String, String> more) {
        Map<String, String> facts = new LinkedHashMap<>(report.settings());
        facts.putAll(more);
        List<Section> sections = new ArrayList<>();
        sections.add(
                table(report, "Placement", "Work is what had to be computed: 1 is even.", true));
        sections.add(ladder(report));
        boolean isTimed =
                report.policies().stream().anyMatch(it -> it.runs().getFirst().ttft().max() > 0);
        if (isTimed) {
            sections.add(table(report, "Time", "Seconds of virtual time.", false));
            sections.add(ttft(report));
        }
        sections.add(balance(report));
        return new Report(
                "Routing policies on " + report.trace(), headline(report), facts, sections);
    }

    private static String headline(ReplayReport report) {
        var out = new StringBuilder();
        for (PolicyResult policy : report.policies()) {
            double ratio = policy.mean(it -> it.cache().hitRatioBlocks());
            out.append(out.isEmpty() ? "Found cached: " : ", ");
            out.append(policy.label()).append(' ').append(percent(ratio));
        }
        return out + ", of " + percent(report.ladder().unbounded()) + " that can be.";
    }

    private static Section table(
            ReplayReport report, String title, String note, boolean isPlacement) {
        List<Figure> figures =
                Figure.ALL.stream()
                        .filter(it -> PLACEMENT.contains(it.name()) == isPlacement)
                        .filter(it -> isPlacement || isAnywhere(report, it))
                        .toList();
        List<String> columns = new ArrayList<>(List.of("policy"));
        figures.forEach(it -> columns.add(it.title()));
        List<List<String>> rows = new ArrayList<>();
        for (PolicyResult policy : report.policies()) {
            List<String> row = new ArrayList<>(List.of(policy.label()));
            figures.forEach(it -> row.add(cell(policy, it)));
            rows.add(row);
        }
        return new Table(title, note, columns, rows);
    }

    /// A figure of a part that was not simulated is 0 everywhere.
    private static boolean isAnywhere(ReplayReport report, Figure figure) {
        return report.policies().stream().anyMatch(it -> it.mean(figure.value()) != 0);
    }

    private static String cell(PolicyResult policy, Figure figure) {
        String format = "%." + figure.decimals() + "f";
        String mean = String.format(Locale.ROOT, format, policy.mean(figure.value()));
        double spread = policy.spread(figure.value());
        return spread == 0 ? mean : mean + " ±" + String.format(Locale.ROOT, format, spread);
    }

    private static Section ladder(ReplayReport report) {
        List<Bar> bars = new ArrayList<>();
        bars.add(new Bar("ideal, nothing evicted", report.ladder().unbounded(), true));
        bars.add(new Bar("one cache of this size", report.ladder().capacityBound(), true));
        for (PolicyResult policy : report.policies()) {
            double ratio = policy.mean(it -> it.cache().hitRatioBlocks());
            bars.add(new Bar(policy.label(), ratio, false));
        }
        return new Bars(
                "Hit ratio",
                "Share of all prompt blocks found cached. Between the first two bars is what more"
                        + " memory would win, below them what routing wins or leaves.",
                bars);
    }

    private static Section ttft(ReplayReport report) {
        List<Curve> curves =
                report.policies().stream()
                        .map(it -> new Curve(it.label(), points(it.runs().getFirst().ttft())))
                        .toList();
        return new Distributions(
                "Time to first token", "Further left is faster.", "seconds", curves);
    }

    private static List<Point> points(Distribution distribution) {
        List<Point> points = new ArrayList<>();
        List<Double> curve = distribution.curve();
        for (int i = 0; i < curve.size(); i++) {
            points.add(new Point(curve.get(i), (double) i / (curve.size() - 1)));
        }
        return points;
    }

    private static Section balance(ReplayReport report) {
        List<Series> series = new ArrayList<>();
        for (PolicyResult policy : report.policies()) {
            LoadBalance balance = policy.runs().getFirst().balance();
            String figure =
                    String.format(Locale.ROOT, "busiest %.3f × mean", balance.workMaxOverMean());
            series.add(new Series(policy.label(), figure, "blocks per worker", moments(balance)));
        }
        return new OverTime(
                "Load balance over time",
                "Line: mean work of a worker. Band: from the least to the most loaded one.",
                true,
                series);
    }

    private static List<Moment> moments(LoadBalance balance) {
        int buckets = balance.workByBucket().stream().mapToInt(List::size).max().orElse(0);
        int together = Math.max(1, (buckets + MOMENTS_MAX - 1) / MOMENTS_MAX);
        List<Moment> moments = new ArrayList<>();
        for (int from = 0; from < buckets; from += together) {
            var work = new LongSummaryStatistics();
            for (List<Long> worker : balance.workByBucket()) {
                int to = Math.min(worker.size(), from + together);
                work.accept(
                        worker.subList(Math.min(from, to), to).stream()
                                .mapToLong(Long::longValue)
                                .sum());
            }
            double middle = (from + together / 2.0) * balance.bucketSeconds();
            moments.add(new Moment(middle, work.getMin(), work.getAverage(), work.getMax()));
        }
        return moments;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
