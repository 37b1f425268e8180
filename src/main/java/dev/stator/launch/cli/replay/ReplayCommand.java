package dev.stator.launch.cli.replay;

import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.StopOnSignal;
import dev.stator.replay.offline.Comparison;
import dev.stator.replay.offline.Ladders;
import dev.stator.replay.offline.ReplayConfig;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.result.PolicyResult;
import dev.stator.replay.result.ReplayReport;
import dev.stator.replay.trace.Trace;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `stator replay`: routing policies side by side on a trace, in virtual time.
@Command(
        name = "replay",
        description = "Plays a trace against simulated workers under several routing policies.",
        footer = {
            "",
            "Ctrl-C ends the replay and shows what was done until then, marked as interrupted."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ReplayCommand implements Callable<Integer> {
    private static final int STOPPED = 1;

    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Mixin private final TraceOptions traces = new TraceOptions();

    @Option(
            names = "--policy",
            defaultValue = "round-robin,blocks,kv",
            paramLabel = "NAME,...",
            description =
                    "Policies to compare, all for every one there is (default:"
                            + " round-robin,blocks,kv).")
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

    @Mixin private final ReplayOptions options = new ReplayOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException {
        List<PolicyChoice> choices =
                Flags.checked(spec, () -> options.adapted(PolicyChoice.parse(policies)));
        Trace trace = traces.open(seed);
        ReplayConfig config = Flags.checked(spec, () -> options.toConfig(trace.blockSizeTokens()));
        Comparison comparison =
                Flags.checked(spec, () -> new Comparison(trace, config, choices, seed, seeds));
        var screen = new ReplayScreen(System.err);
        try (var signal = new StopOnSignal()) {
            signal.with(screen::stop);
            List<PolicyResult> results = comparison.run(screen);
            screen.clear();
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            output.print(report(trace, config, results), out);
        }
        if (screen.isStopped()) {
            System.err.println("stopped: the last row is what was done until then");
            return STOPPED;
        }
        return 0;
    }

    private ReplayReport report(Trace trace, ReplayConfig config, List<PolicyResult> results) {
        Map<String, String> settings = options.settings();
        settings.put("block-size-tokens", Integer.toString(trace.blockSizeTokens()));
        settings.put("seed", Long.toString(seed));
        settings.put("seeds", Integer.toString(seeds));
        return new ReplayReport(
                trace.name(),
                settings,
                Ladders.of(trace, config.workers(), config.capacityBlocks()),
                results);
    }
}
