package dev.stator.launch.processes;

import dev.stator.launch.topology.PlannedProcess;
import dev.stator.launch.topology.Topology;
import dev.stator.launch.topology.TopologyException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Starts the processes of a topology, watches them, and stops them all when one ends.
///
/// One thread owns it; `stop` alone may be called by others.
public final class Supervisor implements AutoCloseable {
    private static final long START_POLL_MILLIS = 20;
    private static final long WATCH_POLL_MILLIS = 100;

    private final Topology topology;
    private final StateFolder folder;
    private final Progress progress;
    private final FileChannel lock;
    private final RunMark mark;
    private final Launcher launcher;
    private final List<PlannedProcess> pending;
    private final List<Child> children = new ArrayList<>();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean left;

    /// @param folder keeps state and logs
    /// @param jvm runs commands of this program
    public record Settings(StateFolder folder, JvmCommand jvm, Progress progress) {}

    private Supervisor(Topology topology, Settings settings, FileChannel lock) {
        this.topology = topology;
        this.folder = settings.folder();
        this.progress = settings.progress();
        this.lock = lock;
        this.mark = new RunMark(UUID.randomUUID().toString());
        this.launcher = new Launcher(folder, mark, settings.jvm());
        this.pending = new ArrayList<>(topology.processes());
    }

    /// Starts nothing yet. Throws `TopologyException` when the topology runs already, a port is
    /// taken or a program is missing.
    public static Supervisor open(Topology topology, Settings settings) throws IOException {
        FileChannel lock =
                settings.folder().lock().orElseThrow(() -> runsAlready(topology.name(), ""));
        try {
            requireEnded(topology.name(), settings);
            Preflight.check(topology);
            return new Supervisor(topology, settings, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// Starts everything and returns when all of it is ready, or with false when it was asked to
    /// stop before.
    ///
    /// Throws `TopologyException` when a process ends or is not ready in time.
    public boolean start() throws IOException, InterruptedException {
        save();
        while (true) {
            startUnblocked();
            requireAlive();
            lookForReady();
            List<String> waiting = waiting();
            if (waiting.isEmpty()) {
                return true;
            }
            int of = topology.processes().size();
            progress.waiting(waiting, of - waiting.size(), of);
            if (stopRequested.await(START_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
    }

    /// Returns when it was asked to stop. Throws `TopologyException` when a process ends.
    public void watch() throws InterruptedException {
        while (!stopRequested.await(WATCH_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            requireAlive();
        }
    }

    /// Leaves the processes running when this is closed.
    public void leave() throws IOException {
        left = true;
        folder.write(state(Optional.empty()));
    }

    /// Asks the owner to stop, and returns when everything is stopped. For any thread.
    public void stop() throws InterruptedException {
        stopRequested.countDown();
        closed.await();
    }

    public List<RunningProcess> processes() {
        return children.stream().map(child -> child.state).toList();
    }

    /// Stops what was started, within the sum of the processes' limits.
    @Override
    public void close() throws IOException {
        try (lock) {
            if (!left) {
                endAll();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the state still names what may be running
        } finally {
            closed.countDown();
        }
    }

    private void endAll() throws IOException, InterruptedException {
        new Stopping(processes(), mark, progress).run();
        folder.forget();
        progress.ended(topology.name());
    }

    private static void requireEnded(String name, Settings settings) throws IOException {
        Optional<RunState> earlier = settings.folder().read();
        if (earlier.isEmpty()) {
            return;
        }
        RunMark mark = earlier.get().mark();
        List<String> running =
                earlier.get().processes().stream()
                        .filter(process -> !mark.running(process).isEmpty())
                        .map(RunningProcess::name)
                        .toList();
        if (!running.isEmpty()) {
            throw runsAlready(name, " (" + String.join(", ", running) + ")");
        }
        settings.progress().note("an earlier run ended without being stopped; its state is gone");
        settings.folder().forget();
    }

    private static TopologyException runsAlready(String name, String processes) {
        return new TopologyException(
                "%s runs already%s; 'stator ps %s' shows it, 'stator down %s' stops it"
                        .formatted(name, processes, name, name));
    }

    private void startUnblocked() throws IOException {
        for (PlannedProcess next : List.copyOf(pending)) {
            if (readyNames().containsAll(next.dependsOn())) {
                pending.remove(next);
                children.add(new Child(next));
                save();
            }
        }
    }

    private void requireAlive() {
        for (Child child : children) {
            if (!child.process.isAlive()) {
                throw new TopologyException(child.describeEnd());
            }
        }
    }

    private void lookForReady() throws IOException {
        for (Child child : children) {
            if (child.state.isReady()) {
                continue;
            }
            Duration after = Duration.ofNanos(System.nanoTime() - child.startNanos);
            if (child.probe.isReady()) {
                child.state = child.state.asReady();
                save();
                progress.ready(child.state, after);
            } else if (child.isLate(after)) {
                throw new TopologyException(child.describeLate());
            }
        }
    }

    private List<String> readyNames() {
        return children.stream()
                .filter(child -> child.state.isReady())
                .map(child -> child.state.name())
                .toList();
    }

    private List<String> waiting() {
        List<String> names = new ArrayList<>();
        children.stream()
                .filter(child -> !child.state.isReady())
                .forEach(child -> names.add(child.state.name()));
        pending.forEach(process -> names.add(process.name()));
        return names;
    }

    private void save() throws IOException {
        folder.write(state(Optional.of(ProcessId.of(ProcessHandle.current()))));
    }

    private RunState state(Optional<ProcessId> supervisor) {
        return new RunState(topology.name(), mark.run(), supervisor, processes());
    }

    /// A process of this run.
    private final class Child {
        private final PlannedProcess planned;
        private final Process process;
        private final LogFile log;
        private final Probe probe;
        private final long startNanos = System.nanoTime();
        private RunningProcess state;

        Child(PlannedProcess planned) throws IOException {
            this.planned = planned;
            this.log = new LogFile(folder.log(planned.name()));
            this.probe = new Probe(planned.readiness(), log);
            this.process = launcher.start(planned);
            this.state =
                    new RunningProcess(
                            planned.name(),
                            ProcessId.of(process.toHandle()),
                            planned.dependsOn(),
                            planned.ports(),
                            folder.log(planned.name()),
                            planned.stopLimit(),
                            false);
        }

        boolean isLate(Duration after) {
            return after.compareTo(planned.readiness().within()) > 0;
        }

        String describeEnd() {
            return "%s ended with exit code %d%s%s"
                    .formatted(
                            state.name(),
                            process.exitValue(),
                            state.isReady() ? "" : " before it was ready",
                            tail());
        }

        String describeLate() {
            return "%s was not ready within %s%s"
                    .formatted(state.name(), seconds(planned.readiness().within()), tail());
        }

        private static String seconds(Duration duration) {
            return duration.toMillis() / 1e3 + " s";
        }

        private String tail() {
            try {
                return "; the last lines of " + log.path() + ":\n" + log.tail();
            } catch (IOException e) {
                return "; its log cannot be read: " + e.getMessage();
            }
        }
    }
}
