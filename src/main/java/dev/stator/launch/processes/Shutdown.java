package dev.stator.launch.processes;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Stops a topology that another process started.
public final class Shutdown {

    /// For a supervisor to exit once it has stopped everything.
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);

    private final StateFolder folder;
    private final Progress progress;

    public Shutdown(StateFolder folder, Progress progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /// What was found.
    public enum Outcome {
        /// No run, or one that stopped in good order.
        NOTHING,

        /// Only the state of a run whose processes have all ended.
        STALE,

        STOPPED
    }

    public Outcome run() throws IOException, InterruptedException {
        Optional<RunState> found = folder.read();
        if (found.isEmpty()) {
            return Outcome.NOTHING;
        }
        RunState state = found.get();
        boolean supervised = endSupervisor(state);
        List<RunningProcess> running =
                folder.read().map(RunState::processes).orElse(List.of()).stream()
                        .filter(process -> !state.mark().running(process).isEmpty())
                        .toList();
        new Stopping(running, state.mark(), progress).run();
        folder.forget();
        if (!supervised && running.isEmpty()) {
            return Outcome.STALE;
        }
        progress.ended(state.topology());
        return Outcome.STOPPED;
    }

    /// A supervisor stops its processes itself; one that does not is ended by force.
    private boolean endSupervisor(RunState state) throws InterruptedException {
        Optional<ProcessHandle> supervisor = state.supervisor().flatMap(ProcessId::running);
        if (supervisor.isEmpty()) {
            return false;
        }
        ProcessHandle handle = supervisor.get();
        progress.stopping("the supervisor, pid " + handle.pid());
        handle.destroy();
        Duration limit = Stopping.limit(state.processes()).plus(EXIT_LIMIT);
        try {
            handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            handle.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return true;
    }
}
