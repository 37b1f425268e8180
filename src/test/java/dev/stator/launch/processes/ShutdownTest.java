package dev.stator.launch.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.launch.topology.TopologyException;
import dev.stator.testing.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ShutdownTest {
    @TempDir private Path base;

    @Test
    void whatWasLeftRunningIsStoppedInReverseOrder() throws Exception {
        var run = new TestRun(base);
        RunState left = leave(run);

        assertThat(run.shutdown()).isEqualTo(Shutdown.Outcome.STOPPED);

        assertThat(left.processes()).allMatch(it -> it.phase() == RunningProcess.Phase.ENDED);
        assertThat(run.progress.events())
                .endsWith("stopping b", "stopped b", "stopping a", "stopped a", "fleet ended");
        assertThat(run.shutdown()).isEqualTo(Shutdown.Outcome.NOTHING);
    }

    @Test
    void anotherProcessWithTheSamePidIsLeftAlone() throws Exception {
        var run = new TestRun(base);
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            ProcessId now = ProcessId.of(stranger.toHandle());
            ProcessId earlier = new ProcessId(now.pid(), now.started().minusSeconds(60));
            writeState(run, earlier, Optional.of(earlier));

            assertThat(run.shutdown()).isEqualTo(Shutdown.Outcome.STALE);

            assertThat(stranger.isAlive()).isTrue();
            assertThat(run.folder.read()).isEmpty();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void theSameProcessIsKnownByItsStart() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000").start();
        ProcessId id = ProcessId.of(process.toHandle());

        assertThat(id.running()).isPresent();
        assertThat(new ProcessId(id.pid(), id.started().plusSeconds(1)).running()).isPresent();
        assertThat(new ProcessId(id.pid(), id.started().plusSeconds(3)).running()).isEmpty();

        process.destroyForcibly();
        Eventually.await().until(() -> id.running().isEmpty());
    }

    @Test
    void aStateWhoseProcessesEndedIsRemovedAndSaidByTheNextStart() throws Exception {
        var run = new TestRun(base);
        writeState(run, ended(), Optional.empty());

        try (Supervisor supervisor = run.open("processes: {a: {run: [sleep, 1000]}}")) {
            assertThat(run.progress.events())
                    .containsExactly(
                            "an earlier run ended without being stopped; its state is gone");
            assertThat(supervisor.start()).isTrue();
        }
    }

    @Test
    void aStateSurvivesItsFile() throws Exception {
        var run = new TestRun(base);
        var process =
                new RunningProcess(
                        "b",
                        ended(),
                        List.of("a"),
                        Map.of("http", 8000),
                        base.resolve("b.log"),
                        Duration.ofMillis(1500),
                        true);
        var state = new RunState("fleet", "run", Optional.of(ended()), List.of(process));
        Files.createDirectories(base.resolve("fleet"));

        run.folder.write(state);

        assertThat(run.folder.read()).contains(state);
        assertThat(StateFolder.all(base)).singleElement().returns("fleet", StateFolder::topology);
    }

    @Test
    void aDamagedStateIsNamed() throws Exception {
        var run = new TestRun(base);
        Files.createDirectories(base.resolve("fleet"));
        Files.writeString(base.resolve("fleet/state.json"), "{\"topology\": \"fleet\"}");

        assertThatThrownBy(run::shutdown)
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining(base.resolve("fleet/state.json").toString())
                .hasMessageContaining("'run' must be a string, but is missing");
    }

    private RunState leave(TestRun run) throws Exception {
        try (Supervisor supervisor =
                run.open(
                        """
                        processes:
                          a: %s
                          b: {run: [sleep, 1000], depends-on: [a]}
                        """
                                .formatted(TestRun.OBEDIENT))) {
            supervisor.start();
            supervisor.leave();
        }
        RunState left = run.folder.read().orElseThrow();
        assertThat(left.processes()).allMatch(it -> it.phase() == RunningProcess.Phase.READY);
        return left;
    }

    private void writeState(TestRun run, ProcessId id, Optional<ProcessId> supervisor)
            throws Exception {
        Files.createDirectories(base.resolve("fleet"));
        var process =
                new RunningProcess(
                        "a",
                        id,
                        List.of(),
                        Map.of(),
                        base.resolve("a.log"),
                        Duration.ofSeconds(1),
                        true);
        run.folder.write(new RunState("fleet", "run", supervisor, List.of(process)));
    }

    private static ProcessId ended() throws Exception {
        Process process = new ProcessBuilder("true").start();
        ProcessId id = ProcessId.of(process.toHandle());
        process.waitFor();
        return new ProcessId(id.pid(), java.time.Instant.ofEpochMilli(id.started().toEpochMilli()));
    }
}
