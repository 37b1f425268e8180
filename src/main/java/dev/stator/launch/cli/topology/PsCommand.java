package dev.stator.launch.cli.topology;

import dev.stator.launch.processes.ProcessId;
import dev.stator.launch.processes.RunState;
import dev.stator.launch.processes.StateFolder;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue.JsonObject;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `stator ps`: what runs of the topologies that were started here.
@Command(
        name = "ps",
        description = "Shows the processes of topologies started with 'stator up'.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class PsCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "One topology, by its name or file (default: all).")
    private @Nullable Path topology;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin private final StateOptions options = new StateOptions();

    @Override
    public Integer call() throws IOException {
        List<StateFolder> folders =
                topology == null ? options.all() : List.of(options.folder(topology));
        List<RunState> states = new ArrayList<>();
        folders.forEach(folder -> folder.read().ifPresent(states::add));
        Instant now = Instant.now();
        if (json) {
            System.out.println(Json.write(toJson(states, now)));
        } else if (states.isEmpty()) {
            System.out.println("nothing was started with state in " + options.base());
        } else {
            states.forEach(state -> print(state, now, System.out));
        }
        return 0;
    }

    private static void print(RunState state, Instant now, PrintStream out) {
        out.println(state.topology() + " (" + supervision(state) + ")");
        out.print(new ProcessTable(state.processes(), now).text().indent(2));
    }

    private static String supervision(RunState state) {
        return state.supervisor()
                .map(
                        id ->
                                id.running().isPresent()
                                        ? "watched by pid " + id.pid()
                                        : "its 'stator up' is gone; 'stator down "
                                                + state.topology()
                                                + "' cleans up")
                .orElse("detached");
    }

    private static JsonObject toJson(List<RunState> states, Instant now) {
        return new JsonObjectBuilder()
                .putAll("topologies", states.stream().map(it -> toJson(it, now)).toList())
                .build();
    }

    private static JsonObject toJson(RunState state, Instant now) {
        var json = new JsonObjectBuilder().put("topology", state.topology());
        state.supervisor()
                .flatMap(ProcessId::running)
                .ifPresentOrElse(
                        it -> json.put("supervisor_pid", it.pid()),
                        () -> json.putNull("supervisor_pid"));
        return json.putAll("processes", new ProcessTable(state.processes(), now).json()).build();
    }
}
