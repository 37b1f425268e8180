package dev.stator.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Clients that leave in the middle of their stream take nothing with them.
class LeavingClientsTest {
    private static final int CLIENTS = 500;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /// Threads, pools and lazily opened files of the JVM itself.
    private static final int DESCRIPTORS_TOLERATED = 8;

    @Test
    void fiveHundredOfThemLeaveNoRequestNoBlockAndNoDescriptor() throws Exception {
        try (var stator = StatorProcess.serve("--engine", "simulated")) {
            leave(stator, 1);
            int before = stator.descriptors();

            leaveAll(stator);

            await().atMost(DEADLINE)
                    .untilAsserted(
                            () ->
                                    assertThat(stator.get("/metrics").body())
                                            .contains("inflight_requests{model=\"demo\"} 0.0")
                                            .contains(gauge("running_requests", 1))
                                            .contains(gauge("running_requests", 2))
                                            .contains(gauge("kv_used_blocks", 1))
                                            .contains(gauge("kv_used_blocks", 2))
                                            .contains(gauge("active_decode_blocks", 1))
                                            .contains(gauge("active_decode_blocks", 2)));
            await().atMost(DEADLINE)
                    .until(() -> stator.descriptors() <= before + DESCRIPTORS_TOLERATED);
        }
    }

    private static void leaveAll(StatorProcess stator) throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                all.add(clients.submit(() -> leave(stator, number)));
            }
            for (Future<Object> client : all) {
                client.get();
            }
        }
    }

    private static String gauge(String name, int worker) {
        return "dynamo_frontend_worker_%s{worker_id=\"%d\"} 0.0".formatted(name, worker);
    }

    /// Asks for a long stream, reads its beginning and hangs up.
    private static Object leave(StatorProcess stator, int number) throws IOException {
        URI url = URI.create(stator.url());
        String body =
                """
                {"model": "demo", "stream": true, "max_tokens": 1500,
                 "messages": [{"role": "user", "content": "number %d, please"}]}
                """
                        .formatted(number);
        String head =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: stator\r\n"
                        + "Content-Type: application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            byte[] seen = socket.getInputStream().readNBytes(600);
            return assertThat(new String(seen, StandardCharsets.UTF_8))
                    .contains("200 OK", "data: ");
        }
    }
}
