package dev.stator.launch.cli.replay;

import dev.stator.launch.cli.options.RunFacts;
import dev.stator.platform.codec.Json;
import dev.stator.replay.report.HtmlReport;
import dev.stator.replay.result.ReplayReport;
import dev.stator.replay.result.ResultCsv;
import dev.stator.replay.result.ResultJson;
import dev.stator.replay.result.ResultPage;
import dev.stator.replay.result.ResultTable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// The flags that say how results are printed.
final class OutputOptions {

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec; // set by picocli

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean isJson;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Also write a row per policy and seed.")
    private @Nullable Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with plots.")
    private @Nullable Path html;

    void print(ReplayReport report, PrintWriter out) throws IOException {
        if (csv != null) {
            Files.writeString(csv, ResultCsv.of(report));
        }
        if (html != null) {
            var facts = RunFacts.of(Objects.requireNonNull(spec), Clock.systemUTC());
            Files.writeString(html, HtmlReport.of(ResultPage.of(report, facts)));
        }
        if (isJson) {
            out.println(Json.write(ResultJson.of(report)));
        } else {
            printTable(report, out);
        }
        out.flush();
    }

    private static void printTable(ReplayReport report, PrintWriter out) {
        out.println(report.trace() + ": " + words(report.settings()));
        out.printf(
                "hit ratio of one cache without bounds %.4f, as large as all of these %.4f%n%n",
                report.ladder().unbounded(), report.ladder().capacityBound());
        if (!report.policies().isEmpty()) {
            out.print(ResultTable.of(report.policies()));
        }
    }

    private static String words(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(it -> it.getKey() + " " + it.getValue())
                .collect(Collectors.joining(", "));
    }
}
