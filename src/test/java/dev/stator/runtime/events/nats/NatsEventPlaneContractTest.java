package dev.stator.runtime.events.nats;

import static dev.stator.testing.Eventually.await;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.platform.nats.PendingLimits;
import dev.stator.runtime.events.EventLayout;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventPlaneContract;
import dev.stator.testing.NatsServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

@ParameterizedClass
@EnumSource
class NatsEventPlaneContractTest extends EventPlaneContract {
    @TempDir static Path folder;
    private static NatsServer server;

    private final EventLayout layout;
    private final List<NatsClient> clients = new ArrayList<>();

    NatsEventPlaneContractTest(EventLayout layout) {
        this.layout = layout;
    }

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
    protected EventPlane newPlane() {
        NatsClient client = NatsClient.open(NatsConfig.of("contract", server.url()), new Random(1));
        clients.add(client);
        await().until(client::isConnected);
        var config =
                new NatsEventConfig(
                        layout,
                        NatsEventConfig.DEFAULT.durableTopics(),
                        NatsEventConfig.DEFAULT.bounds(),
                        new PendingLimits(PENDING_EVENTS_MAX, 1 << 20));
        return new NatsEventPlane(client, config, InstantSource.system(), new Random(2));
    }
}
