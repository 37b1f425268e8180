package dev.stator.launch.processes;

import dev.stator.launch.topology.PlannedProcess;
import dev.stator.launch.topology.PlannedProcess.Command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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

    /// Servers are often here, where only an administrator's shell looks.
    private static final List<String> MORE_FOLDERS = List.of("/usr/sbin", "/usr/local/sbin");

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
        Map<String, String> environment = environment(planned);
        List<String> words = new ArrayList<>();
        find(NEW_SESSION, environment).ifPresent(words::add);
        switch (planned.command()) {
            case Command.Stator(var name, var flags) -> words.addAll(jvm.with(name, flags));
            case Command.External(var given) -> {
                words.add(find(given.getFirst(), environment).orElse(given.getFirst()));
                words.addAll(given.subList(1, given.size()));
            }
        }
        var builder =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectInput(NOTHING)
                        .redirectOutput(folder.log(planned.name()).toFile());
        builder.environment().putAll(planned.environment());
        builder.environment().put(RunMark.VARIABLE, mark.value(planned.name()));
        return builder.start();
    }

    /// What the process sees besides the mark.
    static Map<String, String> environment(PlannedProcess planned) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(planned.environment());
        return environment;
    }

    /// Where a program is.
    static Optional<String> find(String program, Map<String, String> environment) {
        if (program.contains("/")) {
            return Optional.of(program).filter(it -> isProgram(Path.of(it)));
        }
        String path = environment.getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), MORE_FOLDERS.stream())
                .map(folder -> Path.of(folder, program))
                .filter(Launcher::isProgram)
                .map(Path::toString)
                .findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }
}
