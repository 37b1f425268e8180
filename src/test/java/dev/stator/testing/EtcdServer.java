package dev.stator.testing;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real etcd on free loopback ports, with its data in a folder of the test's.
///
/// Its election is quick, so that leases of one second are possible.
public final class EtcdServer implements AutoCloseable {
    private static final long END_SECONDS_MAX = 10;
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/bin/etcd"),
                    Path.of("/usr/local/bin/etcd"),
                    Path.of("/usr/sbin/etcd"));

    private final Path program;
    private final Path folder;
    private final int clientPort;
    private final int peerPort;
    private Optional<Process> process = Optional.empty();

    private EtcdServer(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
        this.clientPort = freePort();
        this.peerPort = freePort();
    }

    /// Starts one and waits until it answers; skips the test when none is installed.
    public static EtcdServer start(Path folder) {
        Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
        if (program.isEmpty()) {
            System.out.println("skipped: etcd is not installed (looked for " + PLACES + ")");
        }
        Assumptions.assumeTrue(program.isPresent(), "etcd is not installed");
        var server = new EtcdServer(program.get(), folder);
        server.start();
        return server;
    }

    /// Where clients connect.
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + clientPort);
    }

    /// Starts it again, on the same ports and with the data that are there.
    public void start() {
        try {
            process =
                    Optional.of(
                            new ProcessBuilder(command())
                                    .redirectErrorStream(true)
                                    .redirectOutput(folder.resolve("etcd.log").toFile())
                                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Waiting.await().until(this::isHealthy);
    }

    /// Ends it as `kill -9` does.
    public void kill() {
        process.ifPresent(
                it -> {
                    it.destroyForcibly();
                    try {
                        if (!it.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                            throw new IllegalStateException("etcd does not end");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        process = Optional.empty();
    }

    /// Forgets all data; only while it is not running.
    public void wipe() {
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The answer of its HTTP gateway to a JSON request.
    public String post(String path, String json) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(endpoint().resolve(path))
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private List<String> command() {
        String peers = "http://127.0.0.1:" + peerPort;
        return List.of(
                program.toString(),
                "--name=test",
                "--data-dir=" + data(),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=test=" + peers,
                "--heartbeat-interval=10",
                "--election-timeout=100",
                "--unsafe-no-fsync");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private boolean isHealthy() {
        try {
            return post("/v3/kv/range", "{\"key\":\"AA==\"}").contains("header");
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
