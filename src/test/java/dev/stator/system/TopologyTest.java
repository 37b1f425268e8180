package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.stator.launch.processes.StateFolder;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.testing.Eventually;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// `stator up`, `ps` and `down`, each in a JVM of its own, as from different shells.
class TopologyTest {
    private static final int TERMINATED = 143;
    private static final SecureRandom CHANCE = new SecureRandom(); // others test here too

    @TempDir private Path folder;

    private final List<Long> pids = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        for (long pid : pids) {
            Optional<ProcessHandle> left = ProcessHandle.of(pid);
            left.ifPresent(ProcessHandle::destroyForcibly);
            assertThat(left.filter(TopologyTest::isRunning)).as("pid " + pid).isEmpty();
        }
    }

    @Test
    void whatIsDetachedIsSeenAndStoppedFromOtherShells() throws Exception {
        int port = freePorts(1);
        Path file =
                file(
                        """
                        processes:
                          serve:
                            stator: serve
                            flags: {engine: simulated, http-port: "${port.http}"}
                            ports: {http: %d}
                            ready:
                              http: http://127.0.0.1:${port.http}/v1/models
                              contains: demo
                          after: {run: [sh, -c, 'sleep 1000 & wait'], depends-on: [serve]}
                        """
                                .formatted(port));

        assertThat(run(0, "up", "--detach", file.toString()))
                .contains("fleet is ready after", "http " + port, "'stator down fleet' stops it");
        remember();
        String json =
                run(0, "ps", "--json")
                        .lines()
                        .filter(it -> it.startsWith("{"))
                        .findFirst()
                        .orElseThrow();
        JsonField fleet =
                JsonField.root(Json.parse(json, JsonLimits.CONFIGURATION))
                        .get("topologies")
                        .items()
                        .getFirst();
        assertThat(fleet.get("topology").string()).isEqualTo("fleet");
        assertThat(fleet.get("supervisor_pid").isPresent()).isFalse();
        assertThat(fleet.get("processes").items())
                .allMatch(it -> it.get("state").string().equals("ready"))
                .extracting(it -> it.get("name").string())
                .containsExactly("serve", "after");
        assertThat(get("http://127.0.0.1:" + port + "/health")).contains("healthy");
        assertThat(run(1, "up", file.toString())).contains("fleet runs already (serve, after)");

        assertThat(run(0, "down", "fleet")).contains("fleet is stopped");
        assertThat(Files.readString(folder.resolve("state/fleet/serve.log"))).contains("stopped");
    }

    @Test
    void ctrlCStopsEverythingInOrder() throws Exception {
        try (StatorProcess up = start("up", obedient().toString())) {
            up.awaitLine(line -> line.contains("Ctrl-C stops"));
            remember();

            assertThat(up.stop()).isEqualTo(TERMINATED);
            assertThat(up.output()).endsWith("fleet is stopped");
        }
        assertThat(pids).hasSize(2).noneMatch(pid -> isRunning(ProcessHandle.of(pid)));
        assertThat(folder.resolve("state/fleet/state.json")).doesNotExist();
    }

    @Test
    void downStopsWhatAnotherShellWatches() throws Exception {
        try (StatorProcess up = start("up", obedient().toString())) {
            up.awaitLine(line -> line.contains("Ctrl-C stops"));
            remember();

            assertThat(run(0, "down")).contains("fleet is stopped");
            assertThat(up.exitCode()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void whatAKilledUpLeavesIsShownAndStopped() throws Exception {
        try (StatorProcess up = start("up", obedient().toString())) {
            up.awaitLine(line -> line.contains("Ctrl-C stops"));
            remember();
            up.kill();
        }

        assertThat(run(0, "ps")).contains("its 'stator up' is gone", "ready");
        assertThat(run(0, "down")).contains("fleet is stopped");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    stator: server                       | stator has no command 'server'
                    stator: serve, flags: {page-sze: 16} | 16'; the nearest is --page-size
                    """)
    void whatIsWrongIsSaidBeforeAnythingStarts(String process, String complaint) throws Exception {
        Path file = file("processes: {first: {run: [sleep, 1000]}, a: {%s}}".formatted(process));

        assertThat(run(1, "up", file.toString())).contains(complaint).doesNotContain("\tat ");

        assertThat(folder.resolve("state/fleet/first.log")).doesNotExist();
    }

    @Test
    void theExampleWithTwoWorkersServes() throws Exception {
        int http = freePorts(1);
        String text =
                Files.readString(Path.of("examples/two-workers.yaml"))
                        .replace("nats: 4222", "nats: " + freePorts(1))
                        .replace("monitor: 8222", "monitor: " + freePorts(1))
                        .replace("etcd: 2379", "etcd: " + freePorts(1))
                        .replace("etcd-peer: 2380", "etcd-peer: " + freePorts(1))
                        .replace("kv-events: 5557", "kv-events: " + freePorts(2))
                        .replace("http: 8000", "http: " + http);
        try (StatorProcess up = start("up", file(text).toString())) {
            Eventually.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !up.isRunning() || up.output().contains("Ctrl-C stops"));
            skipWithoutServers(up);
            remember();

            String health = get("http://127.0.0.1:" + http + "/health");
            assertThat(health.split("\"endpoint\":\"generate\"")).hasSize(4);
            assertThat(health).contains("\"component\":\"kv-router\"");
            up.stop();
        }
        assertThat(pids).hasSize(5).noneMatch(pid -> isRunning(ProcessHandle.of(pid)));
    }

    private static void skipWithoutServers(StatorProcess up) {
        boolean missing = up.output().contains("is not installed");
        if (missing) {
            System.out.println("skipped: " + up.output());
        }
        assumeFalse(missing, "nats-server or etcd is not installed");
    }

    private Path obedient() throws IOException {
        return file(
                """
                processes:
                  a: {run: [sh, -c, 'echo up; exec sleep 1000'], ready: {log: up}}
                  b: {run: [sleep, 1000], depends-on: [a]}
                """);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("fleet.yaml"), text);
    }

    /// For a look at the end.
    private void remember() {
        new StateFolder(folder.resolve("state"), "fleet")
                .read().orElseThrow().processes().stream()
                        .map(process -> process.id().pid())
                        .forEach(pids::add);
    }

    /// The output of a command that ends with this exit code.
    private String run(int exitCode, String... arguments) throws InterruptedException {
        try (StatorProcess process = start(arguments)) {
            assertThat(process.exitCode()).as(process::output).isEqualTo(exitCode);
            return process.output();
        }
    }

    private StatorProcess start(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--state-dir=" + folder.resolve("state"));
        return StatorProcess.start(all.toArray(String[]::new));
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url)).build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private static boolean isRunning(Optional<ProcessHandle> handle) {
        return handle.filter(TopologyTest::isRunning).isPresent();
    }

    /// One that ended and waits for its parent to notice does not run.
    private static boolean isRunning(ProcessHandle handle) {
        return handle.isAlive() && handle.info().command().isPresent();
    }

    /// The first of several free ports in a row, below those that outgoing connections take.
    private static int freePorts(int count) {
        return IntStream.generate(() -> 20_000 + CHANCE.nextInt(12_000))
                .filter(
                        first ->
                                IntStream.range(first, first + count)
                                        .allMatch(TopologyTest::isFree))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
