package dev.stator.testing;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real `nats-server` on a free loopback port, with its monitoring page on another.
///
/// It can be killed and started again on the same port with the same store.
public final class NatsServer implements AutoCloseable {
    private static final Duration STOP_WAIT = Duration.ofSeconds(10);
    private static final Duration PAGE_WAIT = Duration.ofSeconds(5);
    private static final List<Path> FOLDERS =
            List.of(
                    Path.of("/usr/sbin"),
                    Path.of("/usr/bin"),
                    Path.of("/usr/local/bin"),
                    Path.of("/usr/local/sbin"));

    private final List<String> command;
    private final int port;
    private final int monitoringPort;
    private final Path store;
    private final Path log;
    private Process process;

    private NatsServer(Path program, Path folder, List<String> flags) throws IOException {
        this.port = freePort();
        this.monitoringPort = freePort();
        this.store = folder.resolve("jetstream");
        this.log = folder.resolve("nats-server.log");
        this.command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--addr",
                                "127.0.0.1",
                                "--port",
                                Integer.toString(port),
                                "--http_port",
                                Integer.toString(monitoringPort)));
        command.addAll(flags);
        this.process = launch();
        awaitUp();
    }

    /// A server without JetStream. Skips the test when none is installed.
    public static NatsServer start(Path folder) {
        return startWith(folder);
    }

    /// A server with JetStream. Skips the test when none is installed.
    public static NatsServer startWithJetStream(Path folder) {
        return startWith(
                folder, "--jetstream", "--store_dir", folder.resolve("jetstream").toString());
    }

    /// What clients connect to.
    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /// Of the process, since it was started.
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// A page of the monitoring, such as `/connz?subs=true`.
    public String page(String path) {
        URI uri = URI.create("http://127.0.0.1:" + monitoringPort + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(PAGE_WAIT).build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Ends the process as `kill -9` does, and waits until it is gone.
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(STOP_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nats-server does not end: " + process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops answering without closing anything, as a machine that is too busy does.
    public void freeze() {
        signal("STOP");
    }

    /// Goes on after `freeze`.
    public void thaw() {
        signal("CONT");
    }

    /// Starts it again after `kill`, on the same port and with the same store.
    public void restart() {
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitUp();
    }

    /// Empties the store of a server that was killed.
    public void forget() {
        try (Stream<Path> files = Files.walk(store)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /// A server with these flags. Skips the test when none is installed.
    public static NatsServer startWith(Path folder, String... flags) {
        List<Path> programs =
                FOLDERS.stream()
                        .map(it -> it.resolve("nats-server"))
                        .filter(Files::isExecutable)
                        .toList();
        if (programs.isEmpty()) {
            System.out.println("skipped: nats-server is not installed in " + FOLDERS);
        }
        Assumptions.assumeFalse(programs.isEmpty(), "nats-server is not installed");
        try {
            return new NatsServer(programs.getFirst(), folder, List.of(flags));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitUp() {
        Eventually.await()
                .until(
                        () -> {
                            if (!process.isAlive()) {
                                throw new IllegalStateException(Files.readString(log));
                            }
                            return answers();
                        });
    }

    private boolean answers() {
        try {
            return page("/healthz").contains("ok");
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
