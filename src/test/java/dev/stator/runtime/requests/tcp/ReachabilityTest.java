package dev.stator.runtime.requests.tcp;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.EndpointCodec;
import dev.stator.runtime.requests.ItemReader;
import dev.stator.runtime.requests.RequestPlane.Serving;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What a caller knows of whether a worker's process is still there.
class ReachabilityTest {
    private static final Endpoint<String, String> ECHO =
            new Endpoint<>(
                    new EndpointId("test", "backend", "echo"),
                    String.class,
                    String.class,
                    new Texts());

    private final TcpRequestPlane caller = new TcpRequestPlane(TestPlanes.PATIENT);

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void aProcessIsReachableUntilItsConnectionBreaks() throws Exception {
        var worker = new TcpRequestPlane(TestPlanes.PATIENT);
        Instance instance = serve(worker);
        assertThat(caller.isReachable(instance)).as("nothing is known").isTrue();
        assertThat(ask(instance)).isEqualTo(new StreamEnd.Completed());
        assertThat(caller.isReachable(instance)).isTrue();

        worker.close();
        await().until(() -> !caller.isReachable(instance));
        assertThat(ask(instance)).isInstanceOf(StreamEnd.Failed.class);
        assertThat(caller.isReachable(instance)).isFalse();

        var successor = new TcpRequestPlane(TestPlanes.PATIENT.at("127.0.0.1", port(instance), ""));
        serve(successor);
        assertThat(ask(instance)).isEqualTo(new StreamEnd.Completed());
        assertThat(caller.isReachable(instance)).isTrue();
        successor.close();
    }

    @Test
    void whoCouldNeverBeReachedIsNot() throws Exception {
        Instance nowhere = Instance.of(ECHO.id(), 9, Transport.tcp("127.0.0.1:1/9/echo"));
        assertThat(ask(nowhere)).isInstanceOf(StreamEnd.Failed.class);
        assertThat(caller.isReachable(nowhere)).isFalse();
    }

    @Test
    void nothingIsKnownOfOtherPlanes() {
        assertThat(caller.isReachable(Instance.of(ECHO.id(), 9, new Transport(Transport.ZMQ, "x"))))
                .isTrue();
    }

    private static Instance serve(TcpRequestPlane plane) {
        Serving serving = plane.serve(ECHO, 9, (question, receiver) -> receiver.answer(question));
        return Instance.of(ECHO.id(), 9, serving.transport());
    }

    private StreamEnd ask(Instance target) throws Exception {
        var end = new CompletableFuture<StreamEnd>();
        caller.open(ECHO, target, "hello", new EndOnly(end));
        return end.get(20, TimeUnit.SECONDS);
    }

    private static int port(Instance instance) {
        return TcpAddress.parse(instance.transport().address()).server().port();
    }

    private record EndOnly(CompletableFuture<StreamEnd> end) implements StreamReceiver<String> {

        @Override
        public void onItem(String item) {}

        @Override
        public void onEnd(StreamEnd how) {
            end.complete(how);
        }
    }

    private record Texts() implements EndpointCodec<String, String> {

        @Override
        public String requestId(String request) {
            return "r";
        }

        @Override
        public JsonValue writeRequest(String request) {
            return new JsonString(request);
        }

        @Override
        public String readRequest(String requestId, JsonField request) {
            return request.string();
        }

        @Override
        public JsonValue writeItem(String item) {
            return new JsonString(item);
        }

        @Override
        public ItemReader<String> reader(String request) {
            return item -> List.of(item.string());
        }
    }
}
