package dev.stator.runtime.requests.nats;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.nats.NatsClient;
import dev.stator.platform.nats.NatsConfig;
import dev.stator.platform.nats.NatsMessage;
import dev.stator.platform.nats.NatsReceiver;
import dev.stator.platform.nats.PendingLimits;
import dev.stator.runtime.TextEndpoint;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.HandDriven;
import dev.stator.runtime.requests.Recording;
import dev.stator.runtime.requests.RequestPlane.Serving;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;
import dev.stator.runtime.requests.callhome.frames.TwoPartMessage;
import dev.stator.testing.NatsServer;
import dev.stator.testing.RawNats;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A caller and a worker in two processes, or so it seems to them, and what goes wrong between.
class NatsFaultsTest {
    private static final Endpoint<String, String> ECHO =
            TextEndpoint.of(new EndpointId("test", "backend", "echo"));
    private static final String SUBJECT = "test_backend.echo-2a";
    private static final Instance BY_HAND =
            Instance.of(ECHO.id(), 42, new Transport(Transport.NATS, SUBJECT));

    @TempDir Path folder;
    private NatsServer server;
    private NatsClient client;
    private NatsClient workersClient;
    private NatsRequestPlane plane;
    private NatsRequestPlane workersPlane;
    private final HandDriven worker = new HandDriven();

    @BeforeEach
    void open() {
        server = NatsServer.start(folder);
        client = connect("caller");
        workersClient = connect("worker");
        plane = new NatsRequestPlane(client, NatsPlaneConfig.DEFAULT);
        workersPlane =
                new NatsRequestPlane(
                        workersClient, NatsPlaneConfig.DEFAULT.withCodec(PayloadCodec.JSON));
    }

    @AfterEach
    void close() {
        if (workersPlane != null) {
            plane.close();
            workersPlane.close();
            client.close();
            workersClient.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aRequestIsATwoPartMessageOnTheSubjectOfItsInstance() throws Exception {
        try (var bus = RawNats.connect(server.port()).subscribe(">")) {
            plane.open(ECHO, BY_HAND, "hello", new Recording());
            RawNats.Delivered message = bus.next();

            assertThat(message.subject()).isEqualTo(SUBJECT);
            TwoPartMessage parts = TwoPartMessage.parse(message.payload());
            assertThat(parts.body()).asString().isEqualTo("\"hello\"");
            assertThat(parts.header())
                    .asString()
                    .contains("\"payload_codec\":\"json\"", "\"transport\":\"tcp_server\"");
        }
    }

    @Test
    void nobodyListening() {
        var received = new Recording();
        plane.open(ECHO, BY_HAND, "hello", received);

        assertThat(received.awaitFailure(FailureCause.NO_SUCH_INSTANCE))
                .contains("nobody listens to " + SUBJECT);
    }

    @Test
    void aWorkerThatIsFullSaysSo() {
        byHand("Server overloaded: no more today");
        var received = new Recording();
        plane.open(ECHO, BY_HAND, "hello", received);

        assertThat(received.awaitFailure(FailureCause.OVERLOADED)).contains("no more today");
    }

    @Test
    void aWorkerThatAcknowledgesNothing() throws Exception {
        try (var bus = RawNats.connect(server.port()).subscribe(SUBJECT);
                var impatient = impatient(1)) {
            var received = new Recording();
            impatient.open(ECHO, BY_HAND, "hello", received);
            bus.next();

            assertThat(received.awaitFailure(FailureCause.CONNECTION_LOST))
                    .contains("no answer from " + SUBJECT);
        }
    }

    @Test
    void tooManyRequestsThatAreNotAcknowledged() throws Exception {
        try (var bus = RawNats.connect(server.port()).subscribe(SUBJECT);
                var impatient = impatient(1)) {
            var first = new Recording();
            var second = new Recording();
            impatient.open(ECHO, BY_HAND, "one", first);
            impatient.open(ECHO, BY_HAND, "two", second);
            second.awaitFailure(FailureCause.OVERLOADED);
            bus.next();
            first.awaitFailure(FailureCause.CONNECTION_LOST);
            var third = new Recording();
            impatient.open(ECHO, BY_HAND, "three", third);

            third.awaitFailure(FailureCause.CONNECTION_LOST);
            assertThat(TwoPartMessage.parse(bus.next().payload()).body())
                    .asString()
                    .isEqualTo("\"three\"");
        }
    }

    @Test
    void aRequestAboveTheServersLimitNamesIt() {
        Instance target = serve();
        var received = new Recording();
        plane.open(ECHO, target, "x".repeat(1 << 20), received);

        assertThat(received.awaitFailure(FailureCause.HANDLER_FAILED))
                .contains("more than the NATS server's max_payload of 1048576");
        assertThat(answered(target, "x".repeat((1 << 20) - 4_096))).isEmpty();
    }

    @Test
    void anOutageFailsRequestsAndEndsWithIt() {
        Instance target = serve();
        var running = new Recording();
        plane.open(ECHO, target, "running", running);
        HandDriven.Answer answer = worker.awaitOne();
        server.kill();
        await().until(() -> !client.isConnected() && !workersClient.isConnected());

        var during = new Recording();
        plane.open(ECHO, target, "during", during);
        assertThat(during.awaitFailure(FailureCause.NO_SUCH_INSTANCE)).contains("not connected");
        answer.send("goes on").end(new Completed());
        assertThat(running.awaitEnd()).isEqualTo(new Completed());
        assertThat(running.items).containsExactly("goes on");

        server.restart();
        await().until(() -> client.isConnected() && workersClient.isConnected());
        assertThat(answered(target, "after")).isEmpty();
    }

    @Test
    void anInstanceThatIsGoneFailsWhatItHasNotBegun() throws Exception {
        try (var bus = RawNats.connect(server.port()).subscribe(SUBJECT)) {
            var received = new Recording();
            plane.open(ECHO, BY_HAND, "hello", received);
            bus.next();
            plane.abandon(BY_HAND);

            assertThat(received.awaitFailure(FailureCause.CONNECTION_LOST)).contains("is gone");
        }
    }

    private NatsClient connect(String name) {
        NatsClient opened = NatsClient.open(NatsConfig.of(name, server.url()), new Random(1));
        await().until(opened::isConnected);
        return opened;
    }

    private NatsRequestPlane impatient(int inFlightMax) {
        NatsPlaneConfig usual = NatsPlaneConfig.DEFAULT;
        return new NatsRequestPlane(
                client,
                new NatsPlaneConfig(
                        usual.codec(),
                        inFlightMax,
                        Duration.ofMillis(300),
                        usual.pending(),
                        1,
                        usual.answers()));
    }

    /// Serves, and returns when the server knows.
    private Instance serve() {
        Serving serving = workersPlane.serve(ECHO, 42, worker);
        await().until(() -> server.page("/subsz?subs=1").contains(SUBJECT));
        return new Instance(
                ECHO.id(), 42, serving.transport(), serving.metadata(), Optional.empty());
    }

    /// What the worker's empty answer to a request brings.
    private List<String> answered(Instance target, String request) {
        int before = worker.answers.size();
        var received = new Recording();
        plane.open(ECHO, target, request, received);
        await().until(() -> worker.answers.size() == before + 1);
        worker.answers.getLast().end(new Completed());
        assertThat(worker.answers.getLast().request).isEqualTo(request);
        assertThat(received.awaitEnd()).isEqualTo(new Completed());
        return received.items;
    }

    /// A worker that replies with this text to all requests.
    private void byHand(String reply) {
        workersClient.subscribe(
                List.of(SUBJECT),
                new PendingLimits(10, 1 << 20),
                new NatsReceiver() {
                    @Override
                    public void onMessage(String pattern, NatsMessage request) {
                        byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
                        workersClient.publish(
                                () -> NatsMessage.of(request.replyTo().orElseThrow(), bytes));
                    }

                    @Override
                    public void onLost(long messages) {}
                });
        await().until(() -> server.page("/subsz?subs=1").contains(SUBJECT));
    }
}
