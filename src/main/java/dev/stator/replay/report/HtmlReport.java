package dev.stator.replay.report;

import dev.stator.replay.report.Report.Bars;
import dev.stator.replay.report.Report.Distributions;
import dev.stator.replay.report.Report.OverTime;
import dev.stator.replay.report.Report.Section;
import dev.stator.replay.report.Report.Table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Writes a report as one HTML page: no scripts, nothing fetched, light and dark, fit to print.
public final class HtmlReport {
    private static final String STYLE = "report.css";
    private static final int SHORT_FACT_CHARS = 44;

    private HtmlReport() {}

    public static String of(Report report) {
        var out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n");
        out.append("<meta charset=\"utf-8\"/>\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        out.append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
        out.append(Markup.escaped(report.title())).append("</title>\n<style>\n");
        out.append(style()).append("</style>\n</head>\n<body>\n<main>\n<header>\n<h1>");
        out.append(Markup.escaped(report.title())).append("</h1>\n<p class=\"summary\">");
        out.append(Markup.escaped(report.summary())).append("</p>\n");
        appendFacts(out, report);
        out.append("</header>\n");
        report.sections().forEach(section -> append(out, section));
        return out.append("</main>\n</body>\n</html>\n").toString();
    }

    private static void appendFacts(StringBuilder out, Report report) {
        out.append("<dl>\n");
        report.facts()
                .forEach(
                        (name, words) ->
                                out.append(isShort(words) ? "<div>" : "<div class=\"long\">")
                                        .append("<dt>")
                                        .append(Markup.escaped(name))
                                        .append("</dt><dd>")
                                        .append(Markup.escaped(words))
                                        .append("</dd></div>\n"));
        out.append("</dl>\n");
    }

    private static boolean isShort(String words) {
        return words.length() <= SHORT_FACT_CHARS;
    }

    private static void append(StringBuilder out, Section section) {
        out.append("<section>\n<h2>").append(Markup.escaped(section.title())).append("</h2>\n");
        if (!section.note().isEmpty()) {
            out.append("<p class=\"note\">").append(Markup.escaped(section.note()));
            out.append("</p>\n");
        }
        out.append(
                switch (section) {
                    case Table table -> table(table);
                    case Distributions distributions -> DistributionChart.html(distributions);
                    case OverTime overTime -> TimeChart.html(overTime);
                    case Bars bars -> BarChart.html(bars);
                });
        out.append("</section>\n");
    }

    private static String table(Table table) {
        var out = new StringBuilder("<div class=\"wide\"><table>\n<thead><tr>");
        table.columns()
                .forEach(it -> out.append("<th>").append(Markup.escaped(it)).append("</th>"));
        out.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String cell = i == 0 ? "th" : "td";
                out.append('<').append(cell).append('>').append(Markup.escaped(row.get(i)));
                out.append("</").append(cell).append('>');
            }
            out.append("</tr>\n");
        }
        return out.append("</tbody>\n</table></div>\n").toString();
    }

    private static String style() {
        try (InputStream css =
                Objects.requireNonNull(HtmlReport.class.getResourceAsStream(STYLE), STYLE)) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
