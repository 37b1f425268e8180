package dev.stator.launch.processes;

import dev.stator.launch.topology.Topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A topology called `fleet` in a folder, and those who start and stop it.
final class TestRun {
    /// Says so when it is up, and ends at once when asked.
    static final String OBEDIENT = "{run: [sh, -c, 'echo up; exec sleep 1000'], ready: {log: up}}";

    final RecordedProgress progress = new RecordedProgress();
    final StateFolder folder;
    private final Path base;

    TestRun(Path base) {
        this.base = base;
        this.folder = new StateFolder(base, "fleet");
    }

    Supervisor open(String text) throws IOException {
        Path file = Files.writeString(base.resolve("fleet.yaml"), text);
        Topology topology =
                Topology.read(file, new Topology.Surroundings(folder.scratch(), Map.of()));
        return Supervisor.open(
                topology,
                new Supervisor.Settings(folder, new JvmCommand(List.of("java")), progress));
    }

    Shutdown.Outcome shutdown() throws IOException, InterruptedException {
        return new Shutdown(folder, progress).run();
    }

    String log(String process) throws IOException {
        return Files.readString(folder.log(process));
    }
}
