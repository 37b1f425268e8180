package dev.stator.launch.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A process of this machine, distinguished by its start from later ones with the same pid.
public record ProcessId(long pid, Instant started) {

    /// The system derives the start from the time of its boot, which moves when the clock is set.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    static ProcessId of(ProcessHandle handle) {
        return new ProcessId(handle.pid(), handle.info().startInstant().orElseGet(Instant::now));
    }

    /// The process while it runs; nothing when it ended, also when another has its pid by now.
    public Optional<ProcessHandle> running() {
        return ProcessHandle.of(pid).filter(this::isSame).filter(ProcessId::isRunning);
    }

    /// Whether it runs. One that ended and was not yet collected by its parent does not.
    static boolean isRunning(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return handle.isAlive(); // no such file system here, or it just ended
        }
    }

    private boolean isSame(ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .map(start -> Duration.between(started, start).abs())
                .filter(difference -> difference.compareTo(START_TOLERANCE) <= 0)
                .isPresent();
    }
}
