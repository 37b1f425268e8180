package dev.stator.launch.processes;

import dev.stator.launch.topology.PlannedProcess;
import dev.stator.launch.topology.PlannedProcess.Command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Starts processes of one run: output to a log, input from nowhere, marked.
///
/// Each begins a session of its own where the system can do that, so that the Ctrl-C of a terminal
/// reaches the supervisor alone and the end of the terminal nobody.
final class Launcher {
    private static final String NEW_SESSION = "setsid";
    private static final File NOTHING = new File("/dev/null");

    private final StateFolder folder;
    private final RunMark mark;
    private final JvmCommand jvm;

    Launcher(StateFolder folder, RunMark mark, JvmCommand jvm) {
        this.folder = folder;
        this.mark = mark;
        this.jvm = jvm;
    }

    Process start(PlannedProcess planned) throws IOException {
        folder.clearScratch(planned.name());
        List<String> words = new ArrayList<>();
        find(NEW_SESSION, System.getenv()).ifPresent(it -> words.add(it.toString()));
        words.addAll(
                switch (planned.command()) {
                    case Command.Stator(var name, var flags) -> jvm.with(name, flags);
                    case Command.External(var given) -> given;
                });
        var builder =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectInput(NOTHING)
                        .redirectOutput(folder.log(planned.name()).toFile());
        builder.environment().putAll(planned.environment());
        builder.environment().put(RunMark.VARIABLE, mark.value(planned.name()));
        return builder.start();
    }

    /// Where a program is, as a shell with this environment would find it.
    static Optional<Path> find(String program, Map<String, String> environment) {
        Stream<Path> candidates =
                program.contains("/")
                        ? Stream.of(Path.of(program))
                        : Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                                .map(folder -> Path.of(folder, program));
        return candidates
                .filter(it -> Files.isExecutable(it) && !Files.isDirectory(it))
                .findFirst();
    }
}
