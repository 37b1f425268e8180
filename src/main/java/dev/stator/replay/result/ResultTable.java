package dev.stator.replay.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Results as aligned text for a terminal.
public final class ResultTable {
    private static final String GAP = "  ";

    private ResultTable() {}

    /// One row per policy; with several seeds the mean, and below it half the spread.
    public static String of(List<PolicyResult> policies) {
        List<Figure> figures = Figure.shown(policies);
        List<List<String>> rows = new ArrayList<>();
        var header = new ArrayList<>(List.of("policy"));
        figures.forEach(it -> header.add(it.title()));
        rows.add(header);
        for (PolicyResult policy : policies) {
            rows.add(row(policy.label(), policy, figures, false));
            if (policy.runs().size() > 1) {
                rows.add(row("  of " + policy.runs().size() + " seeds", policy, figures, true));
            }
        }
        return aligned(rows);
    }

    private static List<String> row(
            String name, PolicyResult policy, List<Figure> figures, boolean isSpread) {
        var row = new ArrayList<>(List.of(name));
        for (Figure figure : figures) {
            double value = isSpread ? policy.spread(figure.value()) : policy.mean(figure.value());
            String text = String.format(Locale.ROOT, "%." + figure.decimals() + "f", value);
            row.add(isSpread ? "±" + text : text);
        }
        return row;
    }

    /// The first column to the left, the others to the right.
    private static String aligned(List<List<String>> rows) {
        return aligned(rows, false);
    }

    /// Every column to the left.
    public static String leftAligned(List<List<String>> rows) {
        return aligned(rows, true);
    }

    private static String aligned(List<List<String>> rows, boolean isLeft) {
        int[] widths = widths(rows);
        var out = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : GAP);
                line.append(i == 0 || isLeft ? row.get(i) + padding : padding + row.get(i));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }
}
