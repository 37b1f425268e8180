package dev.stator.launch.processes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Ends processes, each after all that depend on it: asks, waits as long as the process may take,
/// then ends it by force.
final class Stopping {
    /// A process ended by force that still runs after this is left.
    static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 10;

    private final RunMark mark;
    private final Progress progress;
    private final List<RunningProcess> waiting; // in the order of their start
    private final Map<String, Ending> endings = new LinkedHashMap<>();

    Stopping(List<RunningProcess> processes, RunMark mark, Progress progress) {
        this.waiting = new ArrayList<>(processes);
        this.mark = mark;
        this.progress = progress;
    }

    /// Upper bound of what `run` takes.
    static Duration limit(List<RunningProcess> processes) {
        return processes.stream()
                .map(process -> process.stopLimit().plus(KILL_LIMIT))
                .reduce(Duration.ZERO, Duration::plus);
    }

    void run() throws InterruptedException {
        while (!waiting.isEmpty() || !endings.isEmpty()) {
            begin();
            for (Ending ending : List.copyOf(endings.values())) {
                if (ending.isOver()) {
                    endings.remove(ending.name());
                    progress.stopped(ending.name());
                } else if (ending.isHopeless()) {
                    endings.remove(ending.name());
                    progress.note(ending.name() + " could not be ended and is left running");
                }
            }
            if (!endings.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /// Asks every process to end on which no other depends any more.
    private void begin() {
        for (RunningProcess process : List.copyOf(waiting.reversed())) {
            if (!isNeeded(process.name())) {
                waiting.remove(process);
                progress.stopping(process.name());
                endings.put(process.name(), new Ending(process));
            }
        }
    }

    private boolean isNeeded(String name) {
        return waiting.stream().anyMatch(it -> it.dependsOn().contains(name))
                || endings.values().stream().anyMatch(it -> it.process.dependsOn().contains(name));
    }

    /// One process on its way out.
    private final class Ending {
        private final RunningProcess process;
        private final long startNanos = System.nanoTime();
        private List<ProcessHandle> asked;
        private boolean byForce;

        Ending(RunningProcess process) {
            this.process = process;
            this.asked = ask();
        }

        String name() {
            return process.name();
        }

        /// Whether all of it ended, and nothing new began meanwhile.
        boolean isOver() {
            if (asked.stream().anyMatch(ProcessId::isRunning)) {
                forceWhenLate();
                return false;
            }
            asked = ask();
            return asked.isEmpty();
        }

        boolean isHopeless() {
            return elapsed().compareTo(process.stopLimit().plus(KILL_LIMIT)) > 0;
        }

        private void forceWhenLate() {
            if (!byForce && elapsed().compareTo(process.stopLimit()) > 0) {
                byForce = true;
                progress.killing(name(), process.stopLimit());
                asked = ask();
            }
        }

        private List<ProcessHandle> ask() {
            List<ProcessHandle> running = mark.running(process);
            for (ProcessHandle handle : running) {
                if (byForce) {
                    handle.destroyForcibly();
                } else {
                    handle.destroy();
                }
            }
            return running;
        }

        private Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }
    }
}
