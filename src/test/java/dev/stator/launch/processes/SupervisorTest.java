package dev.stator.launch.processes;

import static dev.stator.launch.processes.TestRun.OBEDIENT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stator.launch.topology.TopologyException;
import dev.stator.testing.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Starts real processes of the shell.
class SupervisorTest {
    @TempDir private Path base;

    @Test
    void processesBeginAfterThoseTheyDependOnAndEndBeforeThem() throws Exception {
        var run = new TestRun(base);
        List<RunningProcess> processes;
        try (Supervisor supervisor =
                run.open(
                        """
                        processes:
                          top: {run: [sleep, 1000], depends-on: [middle]}
                          middle:
                            run: [sh, -c, 'echo up; exec sleep 1000']
                            ready: {log: up}
                            replicas: 2
                            depends-on: [base]
                          base: %s
                        """
                                .formatted(OBEDIENT))) {
            assertThat(supervisor.start()).isTrue();
            processes = supervisor.processes();
            assertThat(processes)
                    .allMatch(it -> it.phase() == RunningProcess.Phase.READY)
                    .extracting(RunningProcess::name)
                    .containsExactly("base", "middle-1", "middle-2", "top");
        }

        List<String> events = run.progress.events();
        assertThat(events)
                .startsWith("ready base")
                .endsWith("stopping base", "stopped base", "fleet ended");
        assertThat(events.subList(1, 3))
                .containsExactlyInAnyOrder("ready middle-1", "ready middle-2");
        assertThat(events.subList(3, 6))
                .containsExactly("ready top", "stopping top", "stopped top");
        assertThat(events.subList(6, 10))
                .containsExactlyInAnyOrder(
                        "stopping middle-1",
                        "stopped middle-1",
                        "stopping middle-2",
                        "stopped middle-2");
        assertThat(processes).allMatch(it -> it.phase() == RunningProcess.Phase.ENDED);
        assertThat(run.folder.read()).isEmpty();
    }

    @Test
    void aProcessThatIsNeverReadyEndsAllAndShowsItsLastLines() throws Exception {
        var run = new TestRun(base);
        assertThatThrownBy(
                        () ->
                                startAndClose(
                                        run,
                                        """
                                        processes:
                                          a: %s
                                          b:
                                            run: [sh, -c, 'echo thinking; exec sleep 1000']
                                            ready: {log: never, within: 300ms}
                                        """
                                                .formatted(OBEDIENT)))
                .isInstanceOf(TopologyException.class)
                .hasMessage(
                        "b was not ready within 0.3 s; the last lines of %s:\n    thinking",
                        run.folder.log("b"));

        assertThat(run.progress.events()).contains("stopped a", "stopped b");
    }

    @Test
    void aProcessThatEndsAtItsStartEndsAllAndShowsItsLastLines() throws Exception {
        var run = new TestRun(base);
        assertThatThrownBy(
                        () ->
                                startAndClose(
                                        run,
                                        """
                                        processes:
                                          a: %s
                                          b:
                                            run: [sh, -c, 'seq 1 40; exit 3']
                                            ready: {log: never}
                                            depends-on: [a]
                                          c: {run: [sleep, 1000], depends-on: [b]}
                                        """
                                                .formatted(OBEDIENT)))
                .isInstanceOf(TopologyException.class)
                .hasMessageStartingWith(
                        "b ended with exit code 3 before it was ready; the last lines of "
                                + run.folder.log("b")
                                + ":\n    29\n")
                .hasMessageEndingWith("\n    40");

        assertThat(run.progress.events()).contains("stopped a").doesNotContain("ready c");
        assertThat(run.folder.log("c")).doesNotExist();
    }

    @Test
    void aProcessThatEndsLaterEndsAll() throws Exception {
        var run = new TestRun(base);
        try (Supervisor supervisor =
                run.open(
                        """
                        processes:
                          a: %s
                          b: {run: [sh, -c, 'echo up; read x < fifo; exit 7'], ready: {log: up}}
                        """
                                .replace("fifo", fifo().toString())
                                .formatted(OBEDIENT))) {
            supervisor.start();
            Files.writeString(base.resolve("fifo"), "go\n");
            assertThatThrownBy(supervisor::watch)
                    .hasMessageStartingWith("b ended with exit code 7; the last lines of");
        }
        assertThat(run.progress.events()).contains("stopped a");
    }

    @Test
    void nothingStartsWhenAPortIsTaken() throws Exception {
        var run = new TestRun(base);
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () ->
                                    run.open(
                                            """
                                            processes:
                                              a: %s
                                              b: {run: [sleep, 1000], ports: {http: %d}}
                                              c: {run: [no-such-program]}
                                            """
                                                    .formatted(OBEDIENT, taken.getLocalPort())))
                    .isInstanceOf(TopologyException.class)
                    .hasMessageStartingWith(
                            "nothing was started: b needs port %d (http), which "
                                    .formatted(taken.getLocalPort()))
                    .hasMessageEndingWith(
                            "uses; c needs the program no-such-program, which is not installed");
        }
        assertThat(run.folder.log("a")).doesNotExist();
        assertThat(run.folder.read()).isEmpty();
    }

    @Test
    void whoHasAPortIsNamed() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "needs /proc to see who has a port");
        try (var taken = new ServerSocket(0)) {
            assertThat(PortUser.of(taken.getLocalPort()))
                    .hasValueSatisfying(
                            user ->
                                    assertThat(user)
                                            .startsWith("pid " + ProcessHandle.current().pid()));
        }
    }

    @Test
    void itStopsWhenAskedWhileItWaits() throws Exception {
        var run = new TestRun(base);
        Supervisor supervisor =
                run.open("processes: {a: {run: [sleep, 1000], ready: {log: never}}}");
        CompletableFuture<Boolean> started =
                CompletableFuture.supplyAsync(
                        () -> {
                            try (supervisor) {
                                return supervisor.start();
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        Eventually.await().until(() -> Files.exists(run.folder.log("a")));

        supervisor.stop();

        assertThat(started.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(run.progress.events()).containsExactly("stopping a", "stopped a", "fleet ended");
    }

    @Test
    void whatDoesNotStopInTimeIsKilled() throws Exception {
        var run = new TestRun(base);
        startAndClose(
                run,
                """
                processes:
                  a:
                    run: [sh, -c, 'trap "" TERM; echo up; while :; do sleep 1; done']
                    ready: {log: up}
                    stop-within: 200ms
                """);

        assertThat(run.progress.events())
                .containsExactly("ready a", "stopping a", "killing a", "stopped a", "fleet ended");
    }

    @Test
    void childrenOfChildrenAreStopped() throws Exception {
        var run = new TestRun(base);
        startAndClose(
                run,
                """
                processes:
                  a:
                    run: [sh, -c, 'sh -c "sleep 1000 & echo \\$!; wait" & wait']
                    ready: {log: "\\n"}
                """);

        assertEnded(run.log("a"));
    }

    @Test
    void anOrphanIsStoppedToo() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")), "needs /proc to find orphans");
        var run = new TestRun(base);
        startAndClose(
                run,
                """
                processes:
                  a:
                    run: [sh, -c, '(setsid sleep 1000 & echo $!); exec sleep 1000']
                    ready: {log: "\\n"}
                """);

        assertEnded(run.log("a"));
    }

    @Test
    void aRunningTopologyIsNotStartedAgain() throws Exception {
        var run = new TestRun(base);
        String text = "processes: {a: " + OBEDIENT + "}";
        try (Supervisor first = run.open(text)) {
            first.start();
            assertThatThrownBy(() -> run.open(text)).hasMessageStartingWith("fleet runs already;");
            first.leave();
        }

        assertThatThrownBy(() -> run.open(text))
                .isInstanceOf(TopologyException.class)
                .hasMessage(
                        "fleet runs already (a); 'stator ps fleet' shows it,"
                                + " 'stator down fleet' stops it");
        assertThat(run.shutdown()).isEqualTo(Shutdown.Outcome.STOPPED);
        startAndClose(run, text);
    }

    @Test
    void everyStartHasAnEmptyScratchFolder() throws Exception {
        var run = new TestRun(base);
        String text =
                """
                processes:
                  a:
                    run: [sh, -c, 'ls "$1"; touch "$1/b"; echo up; sleep 1000', sh, "${scratch}"]
                    ready: {log: up}
                """;
        startAndClose(run, text);
        startAndClose(run, text);

        assertThat(run.log("a")).isEqualTo("up\n");
        assertThat(run.folder.scratch().resolve("a/b")).exists();
    }

    private static void startAndClose(TestRun run, String text)
            throws IOException, InterruptedException {
        try (Supervisor supervisor = run.open(text)) {
            assertThat(supervisor.start()).isTrue();
        }
    }

    private static void assertEnded(String pid) {
        assertThat(ProcessHandle.of(Long.parseLong(pid.strip())).filter(ProcessId::isRunning))
                .isEmpty();
    }

    private Path fifo() throws IOException, InterruptedException {
        Path fifo = base.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
        return fifo;
    }
}
