package dev.stator.runtime.requests.nats;

import static dev.stator.testing.Eventually.await;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.RequestPlaneContract;
import dev.stator.testing.NatsServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// One process that calls itself.
class NatsRequestPlaneTest extends RequestPlaneContract {
    @TempDir static Path folder;
    private static NatsServer server;

    private final List<NatsClient> clients = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = NatsServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void disconnect() {
        clients.forEach(NatsClient::close);
    }

    @Override
    protected RequestPlane newPlane() {
        NatsClient client = NatsClient.open(NatsConfig.of("contract", server.url()), new Random(1));
        clients.add(client);
        await().until(client::isConnected);
        return new NatsRequestPlane(client, NatsPlaneConfig.DEFAULT);
    }

    @Override
    protected Transport nowhere() {
        return new Transport(Transport.NATS, "test_backend.echo-9");
    }
}
