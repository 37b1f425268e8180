package dev.stator.launch.cli.topology;

import dev.stator.launch.processes.StateFolder;
import dev.stator.launch.topology.Topology;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Where topologies leave their state.
final class StateOptions {

    @Option(
            names = "--state-dir",
            defaultValue = ".stator",
            paramLabel = "DIR",
            description = "Keeps state, logs and scratch folders (default: .stator).")
    private Path base = Path.of(".stator");

    /// @param file of the topology, or its name
    StateFolder folder(Path file) {
        return new StateFolder(base, Topology.nameOf(file));
    }

    List<StateFolder> all() throws IOException {
        return StateFolder.all(base);
    }

    Path base() {
        return base;
    }
}
