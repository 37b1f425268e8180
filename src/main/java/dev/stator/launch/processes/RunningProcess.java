package dev.stator.launch.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A process that was started, as the state remembers it.
///
/// @param dependsOn names of processes that must outlive it
/// @param isReady whether it was seen doing its work
public record RunningProcess(
        String name,
        ProcessId id,
        List<String> dependsOn,
        Map<String, Integer> ports,
        Path log,
        Duration stopLimit,
        boolean isReady) {
    public RunningProcess {
        dependsOn = List.copyOf(dependsOn);
        ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    }

    /// What becomes of a process.
    public enum Phase {
        STARTING,
        READY,
        ENDED
    }

    public Phase phase() {
        if (id.running().isEmpty()) {
            return Phase.ENDED;
        }
        return isReady ? Phase.READY : Phase.STARTING;
    }

    RunningProcess asReady() {
        return new RunningProcess(name, id, dependsOn, ports, log, stopLimit, true);
    }
}
