package dev.stator.launch.cli;

import dev.stator.launch.cli.explain.ExplainCommand;
import dev.stator.launch.cli.load.LoadCommand;
import dev.stator.launch.cli.options.EnvironmentDefaults;
import dev.stator.launch.cli.replay.ReplayCommand;
import dev.stator.launch.cli.topology.DownCommand;
import dev.stator.launch.cli.topology.PsCommand;
import dev.stator.launch.cli.topology.UpCommand;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Objects;

/// `stator`: the list of commands.
@Command(
        name = "stator",
        description = "KV-cache-aware LLM serving on the JVM.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        subcommands = {
            ServeCommand.class,
            FrontendCommand.class,
            WorkerCommand.class,
            RouterCommand.class,
            IndexerCommand.class,
            ReplayCommand.class,
            LoadCommand.class,
            ExplainCommand.class,
            PsCommand.class,
            DownCommand.class,
            TrainCommand.class
        })
final class StatorCommand implements Runnable {
    private static final int FAILED = 1;

    @Spec private @Nullable CommandSpec spec; // set by picocli

    /// Runs the command line and returns its exit code: 0, 1 (failed) or 2 (wrong usage).
    static int run(String... arguments) {
        return new CommandLine(new StatorCommand())
                .addSubcommand(new UpCommand(Stator.class.getName()))
                .setDefaultValueProvider(new EnvironmentDefaults(System.getenv()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(StatorCommand::report)
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "Missing command");
    }

    /// A failure is one sentence; the stack is for `STATOR_DEBUG`.
    private static int report(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println("stator: " + failure.getMessage());
        if (System.getenv("STATOR_DEBUG") != null) {
            failure.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }
}
