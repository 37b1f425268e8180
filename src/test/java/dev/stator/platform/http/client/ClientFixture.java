package dev.stator.platform.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.testing.ScriptedServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Duration;
import java.util.concurrent.ExecutionException;

/// A client for each test, which must leave nothing open.
abstract class ClientFixture {
    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(60);
    static final HttpClientLimits LIMITS =
            new HttpClientLimits(
                    Duration.ofSeconds(5),
                    1_000,
                    4_000,
                    10_000,
                    1_000,
                    2_000,
                    20,
                    4,
                    LONG,
                    LONG,
                    10_000);

    HttpClient client;

    @BeforeEach
    void open() {
        client = new HttpClient(LIMITS, 2);
    }

    @AfterEach
    void close() {
        client.close();
        assertThat(client.calls()).isZero();
        assertThat(client.connections()).isZero();
    }

    static HttpAddress address(ScriptedServer server) {
        return HttpAddress.parse(server.url());
    }

    HttpReply fetch(ScriptedServer server, String path)
            throws InterruptedException, ExecutionException {
        return client.fetch(ClientRequest.get(address(server), path), LONG).get();
    }

    Recording stream(ScriptedServer server, Duration within) {
        var recording = new Recording();
        client.stream(ClientRequest.post(address(server), "/s", "{}"), within, recording);
        return recording;
    }
}
