package dev.stator.launch.cli.topology;

import dev.stator.launch.processes.Shutdown;
import dev.stator.launch.processes.StateFolder;
import dev.stator.launch.topology.TopologyException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// `stator down`: stops a topology, from whichever shell.
@Command(
        name = "down",
        description = "Stops the processes of a topology, in the reverse order of their start.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class DownCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The topology, by its name or file (default: the only one).")
    private @Nullable Path topology;

    @Mixin private final StateOptions options = new StateOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<StateFolder> folder =
                topology == null ? onlyOne() : Optional.of(options.folder(topology));
        if (folder.isEmpty()) {
            System.out.println("nothing was started with state in " + options.base());
            return 0;
        }
        String name = folder.get().topology();
        switch (new Shutdown(folder.get(), new TopologyScreen(System.out)).run()) {
            case NOTHING -> System.out.println(name + " is not running");
            case STALE -> System.out.println(name + " had ended already; its state is removed");
            case STOPPED -> {} // the screen said so
        }
        return 0;
    }

    private Optional<StateFolder> onlyOne() throws IOException {
        List<StateFolder> all = options.all();
        if (all.size() > 1) {
            throw new TopologyException(
                    "several topologies run here, say which: "
                            + all.stream()
                                    .map(StateFolder::topology)
                                    .collect(Collectors.joining(", ")));
        }
        return all.stream().findFirst();
    }
}
