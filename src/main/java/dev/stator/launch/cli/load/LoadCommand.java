package dev.stator.launch.cli.load;

import dev.stator.launch.cli.load.TraceOptions.Playing;
import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.RunFacts;
import dev.stator.launch.cli.options.StopOnSignal;
import dev.stator.platform.http.client.HttpAddress;
import dev.stator.replay.load.LoadSetup;
import dev.stator.replay.load.LoadTest;
import dev.stator.replay.load.TargetProbe.Wish;
import dev.stator.replay.load.plan.RequestSource;
import dev.stator.replay.load.result.LoadCsv;
import dev.stator.replay.load.result.LoadJson;
import dev.stator.replay.load.result.LoadPage;
import dev.stator.replay.load.result.LoadSummary;
import dev.stator.replay.load.result.LoadText;
import dev.stator.replay.load.result.StreamOutcome;
import dev.stator.replay.load.result.Verdict;
import dev.stator.replay.report.HtmlReport;

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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/// `stator load`: puts load on a server and says how it held.
@Command(
        name = "load",
        description = "Puts load on an OpenAI endpoint and verifies every stream.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class LoadCommand implements Callable<Integer> {
    private static final int FAULTY = 1;

    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "The server, as http://host:port; a /v1 behind it may be left out.")
    private String url = "";

    @Mixin private final ScheduleOptions schedule = new ScheduleOptions();

    @Mixin private final TraceOptions trace = new TraceOptions();

    @Mixin private final TargetOptions target = new TargetOptions();

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Option(names = "--csv", paramLabel = "FILE", description = "Writes a row for each request.")
    private @Nullable Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with plots.")
    private @Nullable Path html;

    @Option(
            names = "--fail-on-rejection",
            description = "A rejected request (429, 503, 529) is a failure.")
    private boolean failOnRejection;

    @Override
    public Integer call() throws Exception {
        Playing playing = playing();
        LoadSetup setup = Flags.checked(spec, () -> target.setup(schedule.seed()));
        Wish wish = Flags.checked(spec, () -> target.wish(HttpAddress.parse(base(url))));
        LoadSummary summary;
        try (var signal = new StopOnSignal();
                LoadCsv rows = csv == null ? null : new LoadCsv(Files.newBufferedWriter(csv))) {
            Consumer<StreamOutcome> log = rows == null ? _ -> {} : rows::write;
            var test = LoadTest.open(wish, setup, playing.source(), log);
            signal.with(test::stop);
            summary = run(test, playing);
            writePage(summary);
        }
        return isGood(summary) ? 0 : FAULTY;
    }

    private void writePage(LoadSummary summary) throws IOException {
        if (html != null) {
            var facts = RunFacts.of(Objects.requireNonNull(spec), Clock.systemUTC());
            Files.writeString(html, HtmlReport.of(LoadPage.of(summary, facts)));
        }
    }

    private Playing playing() throws IOException {
        RequestSource made = Flags.checked(spec, schedule::source);
        return trace.source().orElseGet(() -> new Playing(made, schedule.words()));
    }

    private LoadSummary run(LoadTest test, Playing playing) throws InterruptedException {
        try (test;
                var _ = LoadScreen.watch(test, playing.source().size())) {
            LoadSummary summary = test.run().with("schedule", playing.words());
            PrintStream out = System.out;
            out.print(json ? LoadJson.of(summary) + System.lineSeparator() : LoadText.of(summary));
            out.flush();
            return summary;
        }
    }

    private boolean isGood(LoadSummary summary) {
        boolean rejected = failOnRejection && summary.count(Verdict.REJECTED) > 0;
        return summary.isFaultless() && !rejected;
    }

    private static String base(String url) {
        return url.replaceFirst("/v1/?$", "");
    }
}
