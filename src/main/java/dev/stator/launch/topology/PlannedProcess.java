package dev.stator.launch.topology;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One process to be started, or one replica of it.
///
/// @param name unique in its topology, as in `worker-2`
/// @param environment added to that of the launcher
/// @param dependsOn names of processes that must be ready before this one starts
/// @param ports that must be free before anything starts, by name
/// @param stopLimit from the request to end until it is ended by force
public record PlannedProcess(
        String name,
        Command command,
        Map<String, String> environment,
        List<String> dependsOn,
        Readiness readiness,
        Map<String, Integer> ports,
        Duration stopLimit) {
    public PlannedProcess {
        environment = Map.copyOf(environment);
        dependsOn = List.copyOf(dependsOn);
        ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    }

    /// What is run.
    public sealed interface Command {

        /// A command of this program with its flags.
        record Stator(String name, List<String> flags) implements Command {
            public Stator {
                flags = List.copyOf(flags);
            }
        }

        /// A program of the machine with its arguments.
        record External(List<String> words) implements Command {
            public External {
                words = List.copyOf(words);
            }
        }
    }
}
