package dev.stator.launch.processes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.stator.launch.topology.Readiness;
import dev.stator.testing.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

class ProbeTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    @TempDir private Path folder;

    @Test
    void anAddressIsReadyWhenItAnswersWellAndWithTheText() throws IOException {
        var status = new AtomicInteger(503);
        var body = new AtomicReference<>("loading");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var asked = new AtomicInteger();
        server.createContext(
                "/health",
                exchange -> {
                    byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status.get(), bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                    asked.incrementAndGet();
                });
        server.start();
        try {
            URI address =
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/health");
            Probe probe = probe(new Readiness.Http(address, "\"demo\"", WITHIN));

            assertNotReadyForTwoLooks(probe, asked);
            status.set(200);
            assertNotReadyForTwoLooks(probe, asked);
            body.set("{\"id\":\"demo\"}");
            Eventually.await().until(probe::isReady);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aPortIsReadyWhenSomethingListens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Probe probe = probe(new Readiness.Port(port, WITHIN));
        assertThat(probe.isReady()).isFalse();
        try (var _ = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
            Eventually.await().until(probe::isReady);
        }
    }

    @Test
    void aLogIsReadyWhenItContainsTheTextWrittenInPieces() throws IOException {
        Path log = Files.writeString(folder.resolve("a.log"), "x".repeat(65_530) + "wörker re");
        var file = new LogFile(log);

        assertThat(file.continuesWith("wörker ready")).isFalse();
        assertThat(file.continuesWith("wörker ready")).isFalse();
        Files.writeString(log, "ady", StandardOpenOption.APPEND);
        assertThat(file.continuesWith("wörker ready")).isTrue();
    }

    @Test
    void nothingToWaitForIsReadyAtOnce() {
        assertThat(probe(new Readiness.Immediate()).isReady()).isTrue();
    }

    private Probe probe(Readiness readiness) {
        return new Probe(readiness, new LogFile(folder.resolve("a.log")));
    }

    /// The second look after this call began with what the server says now.
    private static void assertNotReadyForTwoLooks(Probe probe, AtomicInteger asked) {
        int before = asked.get();
        Eventually.await()
                .until(
                        () -> {
                            assertThat(probe.isReady()).isFalse();
                            return asked.get() >= before + 2;
                        });
    }
}
