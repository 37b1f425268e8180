package dev.stator.launch.cli.topology;

import dev.stator.launch.processes.JvmCommand;
import dev.stator.launch.processes.StateFolder;
import dev.stator.launch.processes.Supervisor;
import dev.stator.launch.topology.PlannedProcess;
import dev.stator.launch.topology.PlannedProcess.Command.Stator;
import dev.stator.launch.topology.Topology;
import dev.stator.launch.topology.TopologyException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/// `stator up`: starts the processes of a topology and stays with them.
@Command(
        name = "up",
        description = "Starts the processes of a topology file, in order, and watches them.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class UpCommand implements Callable<Integer> {
    private final String mainClass;

    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Parameters(paramLabel = "FILE", description = "The topology, as YAML.")
    private Path file = Path.of("");

    @Option(
            names = {"-d", "--detach"},
            description = "Return when everything is ready and leave it running.")
    private boolean detach;

    @Mixin private final StateOptions options = new StateOptions();

    /// @param mainClass of this program, for processes that are commands of it
    public UpCommand(String mainClass) {
        this.mainClass = mainClass;
    }

    @Override
    public Integer call() throws Exception {
        StateFolder folder = options.folder(file);
        Topology topology =
                Topology.read(file, new Topology.Surroundings(folder.scratch(), System.getenv()));
        topology.processes().forEach(this::requireKnown);
        var screen = new TopologyScreen(System.out);
        var settings = new Supervisor.Settings(folder, JvmCommand.current(mainClass), screen);
        try (Supervisor supervisor = Supervisor.open(topology, settings)) {
            stopWithThisProcess(supervisor);
            screen.starting(topology);
            if (!supervisor.start()) {
                return 0;
            }
            screen.started(topology.name(), supervisor.processes());
            if (detach) {
                supervisor.leave();
                screen.left(topology.name());
            } else {
                screen.watching();
                supervisor.watch();
            }
        }
        return 0;
    }

    private static void stopWithThisProcess(Supervisor supervisor) {
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(() -> stopUninterrupted(supervisor)));
    }

    private static void stopUninterrupted(Supervisor supervisor) {
        try {
            supervisor.stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Refuses a command or a flag that this program does not have before anything is started.
    private void requireKnown(PlannedProcess process) {
        if (!(process.command() instanceof Stator(var name, var flags))) {
            return;
        }
        var commands = Objects.requireNonNull(spec).root().subcommands();
        CommandLine command = commands.get(name);
        if (command == null) {
            throw new TopologyException(
                    "%s: stator has no command '%s'; it has %s"
                            .formatted(process.name(), name, String.join(", ", commands.keySet())));
        }
        try {
            command.parseArgs(flags.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new TopologyException(
                    "%s: stator %s: %s%s"
                            .formatted(process.name(), name, e.getMessage(), nearest(e)));
        }
    }

    private static String nearest(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions().stream()
                        .findFirst()
                        .map(flag -> "; the nearest is " + flag)
                        .orElse("")
                : "";
    }
}
