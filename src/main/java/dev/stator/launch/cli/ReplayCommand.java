package dev.stator.launch.cli;

import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.RunFacts;
import dev.stator.platform.codec.Json;
import dev.stator.replay.offline.Ladders;
import dev.stator.replay.offline.Replay;
import dev.stator.replay.offline.ReplayConfig;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.report.HtmlReport;
import dev.stator.replay.result.PolicyResult;
import dev.stator.replay.result.ReplayReport;
import dev.stator.replay.result.ResultCsv;
import dev.stator.replay.result.ResultJson;
import dev.stator.replay.result.ResultPage;
import dev.stator.replay.result.ResultTable;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `stator replay`: routing policies side by side on a trace, in virtual time.
@Command(
        name = "replay",
        description = "Plays a trace against simulated workers under several routing policies.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Parameters(
            index = "0",
            paramLabel = "TRACE",
            description = "Mooncake, Azure or agentic file, packed by gzip or not.")
    private Path trace = Path.of("");

    @Option(
            names = "--policy",
            defaultValue = "round-robin,kv",
            paramLabel = "NAME,...",
            description = "Policies to compare (default: round-robin,kv).")
    private String policies = "";

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "First seed (default: 1).")
    private long seed;

    @Option(
            names = "--seeds",
            defaultValue = "1",
            paramLabel = "N",
            description = "Runs per policy, each with the next seed (default: 1).")
    private int seeds;

    @Mixin private final TraceOptions selection = new TraceOptions();

    @Mixin private final ReplayOptions options = new ReplayOptions();

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean isJson;

    @Option(names = "--csv", paramLabel = "FILE", description = "Also write CSV.")
    private @Nullable Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with plots.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException {
        List<PolicyChoice> choices = Flags.checked(spec, () -> PolicyChoice.parse(policies));
        Trace whole = TraceFile.read(trace);
        Trace requests = Flags.checked(spec, () -> selection.select(whole));
        ReplayConfig config =
                Flags.checked(spec, () -> options.toConfig(requests.blockSizeTokens()));
        var results = new ArrayList<PolicyResult>();
        for (PolicyChoice choice : choices) {
            var runs = new ArrayList<RunResult>();
            for (int i = 0; i < seeds; i++) {
                runs.add(Replay.run(requests, config, choice, seed + i));
            }
            results.add(new PolicyResult(choice.name(), runs));
        }
        var report =
                new ReplayReport(
                        requests.name(),
                        options.settings(),
                        Ladders.of(requests, config.workers(), config.capacityBlocks()),
                        results);
        print(report, System.out);
        return 0;
    }

    private void print(ReplayReport report, PrintStream out) throws IOException {
        if (csv != null) {
            Files.writeString(csv, ResultCsv.of(report));
        }
        if (html != null) {
            var facts = RunFacts.of(Objects.requireNonNull(spec), Clock.systemUTC());
            Files.writeString(html, HtmlReport.of(ResultPage.of(report, facts)));
        }
        if (isJson) {
            out.println(Json.write(ResultJson.of(report)));
            return;
        }
        out.printf(
                "%s, ideal hit ratio %.4f, of one cache of this size %.4f%n%n",
                report.trace(), report.ladder().unbounded(), report.ladder().capacityBound());
        out.print(ResultTable.of(report.policies()));
    }
}
