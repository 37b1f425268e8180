package dev.stator.runtime.requests.tcp;

import static dev.stator.runtime.requests.tcp.WorkerByHand.BEGUN;
import static dev.stator.runtime.requests.tcp.WorkerByHand.ECHO;
import static dev.stator.runtime.requests.tcp.WorkerByHand.FINAL;
import static dev.stator.runtime.requests.tcp.WorkerByHand.SENTINEL;
import static dev.stator.runtime.requests.tcp.WorkerByHand.answer;
import static dev.stator.runtime.requests.tcp.WorkerByHand.callHome;
import static dev.stator.runtime.requests.tcp.WorkerByHand.info;
import static dev.stator.runtime.requests.tcp.WorkerByHand.json;
import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonField;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.Recording;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// Our plane calls a worker that speaks Dynamo's bytes and is not ours.
@Timeout(60)
class WorkerByHandTest {
    private static final byte[] HTTP =
            "HTTP/1.1 200 OK\r\n\r\n<html></html>".getBytes(StandardCharsets.UTF_8);

    private final Recording received = new Recording();
    private TcpRequestPlane plane;
    private WorkerByHand worker;

    @BeforeEach
    void open() throws IOException {
        plane = new TcpRequestPlane(TestPlanes.PATIENT);
        worker = new WorkerByHand();
    }

    @AfterEach
    void close() throws IOException {
        plane.close();
        worker.close();
    }

    @Test
    void theRequestIsWhatDynamoSends() throws Exception {
        call("hello");
        try (Wire requests = worker.accept()) {
            Wire.Request request = requests.readRequest();
            JsonField control = json(request.message().header());
            JsonField info = json(control.get("connection_info").get("info").string());

            assertThat(request.path()).isEqualTo("2a/generate");
            assertThat(json(request.headers()).get("request-id").string())
                    .isEqualTo(control.get("id").string());
            assertThat(request.message().body()).isEqualTo("\"hello\"");
            assertThat(control.get("request_type").string()).isEqualTo("single_in");
            assertThat(control.get("response_type").string()).isEqualTo("many_out");
            assertThat(control.get("payload_codec").string()).isEqualTo("json");
            assertThat(control.get("connection_info").get("transport").string())
                    .isEqualTo("tcp_server");
            assertThat(info.get("context").string()).isEqualTo(control.get("id").string());
            assertThat(info.get("stream_type").string()).isEqualTo("response");
        }
    }

    @Test
    void theAnswerOfDynamoIsUnderstood() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\",\"complete_final\":false}");
            received.awaitItems("a");
            answer.sendBody("{\"data\":\"b\",\"complete_final\":false}");
            answer.sendBody(FINAL).sendHeader(SENTINEL);

            assertThat(received.awaitEnd()).isEqualTo(new Completed());
            assertThat(received.items).containsExactly("a", "b");
            assertThat(answer.isEnded()).as("the caller closes").isTrue();
        }
    }

    @Test
    void framesArriveInAnyPieces() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            byte[] item = Wire.twoPart("", "{\"data\":\"a\",\"complete_final\":false}");
            answer.sendHeader(BEGUN);
            for (byte each : item) {
                answer.sendRaw(new byte[] {each});
            }
            answer.sendBody(FINAL);

            received.awaitItems("a");
            assertThat(received.awaitEnd()).isEqualTo(new Completed());
        }
    }

    @Test
    void anAnswerThatStopsBeforeItsEndIsLost() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}").sendHeader(SENTINEL);

            received.awaitFailure(FailureCause.CONNECTION_LOST);
            assertThat(received.items).containsExactly("a");
        }
    }

    @Test
    void aWorkerThatIsKilledMidStreamIsLost() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}");
            received.awaitItems("a");
            answer.reset();

            received.awaitFailure(FailureCause.CONNECTION_LOST);
        }
    }

    @Test
    void aWorkerThatDiesBeforeItAcknowledgesIsLost() throws Exception {
        call("hello");
        try (Wire requests = worker.accept()) {
            requests.readRequest();
            requests.reset();

            received.awaitFailure(FailureCause.CONNECTION_LOST);
        }
    }

    @Test
    void anAnswerOutlivesTheConnectionOfItsRequest() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = callHome(requests.readRequest())) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}");
            received.awaitItems("a");
            requests.reset();
            answer.sendBody("{\"data\":\"b\"}").sendBody(FINAL);

            assertThat(received.awaitEnd()).isEqualTo(new Completed());
            assertThat(received.items).containsExactly("a", "b");
        }
    }

    @Test
    void aFailedConnectionIsReplaced() throws Exception {
        call("hello");
        try (Wire requests = worker.accept()) {
            requests.readRequest();
            requests.reset();
        }
        received.awaitFailure(FailureCause.CONNECTION_LOST);
        var second = new Recording();
        plane.open(ECHO, worker.instance(), "again", second);
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody(FINAL);

            assertThat(second.awaitEnd()).isEqualTo(new Completed());
        }
    }

    @Test
    void oneConnectionCarriesManyRequestsAndTheirRepliesCountInOrder() throws Exception {
        var refused = new Recording();
        var missing = new Recording();
        call("one");
        plane.open(ECHO, worker.instance(), "two", refused);
        plane.open(ECHO, worker.instance(), "three", missing);
        try (Wire requests = worker.accept()) {
            requests.readRequest();
            requests.readRequest();
            requests.readRequest();
            requests.sendReply("").sendReply("Server overloaded: worker at capacity");
            requests.sendReply("Server unavailable: shutting down");

            assertThat(refused.awaitFailure(FailureCause.OVERLOADED)).contains("at capacity");
            missing.awaitFailure(FailureCause.NO_SUCH_INSTANCE);
            assertThat(received.ends).isEmpty();
        }
    }

    @Test
    void whatAnInstanceThatIsGoneHasNotBegunIsLostAtOnce() throws Exception {
        var begun = new Recording();
        plane.open(ECHO, worker.instance(), "begun", begun);
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}");
            begun.awaitItems("a");
            call("not begun");
            requests.readRequest();
            requests.sendReply("");
            plane.abandon(Instance.of(ECHO.id(), 7, worker.instance().transport()));
            assertThat(received.ends).isEmpty();
            plane.abandon(worker.instance());

            assertThat(received.awaitFailure(FailureCause.CONNECTION_LOST)).contains("is gone");
            answer.sendBody(FINAL);
            assertThat(begun.awaitEnd()).isEqualTo(new Completed());
        }
    }

    @Test
    void aWorkerThatCallsTooLateFindsNobody() throws Exception {
        RemoteStream stream = call("hello");
        try (Wire requests = worker.accept()) {
            Wire.Request request = requests.readRequest();
            requests.sendReply("");
            stream.close();
            assertThat(received.awaitEnd()).isEqualTo(new Completed());

            try (Wire answer = callHome(request)) {
                assertThat(answer.isEnded()).isTrue();
            }
        }
    }

    @Test
    void cancellingStopsTheWorkerAndWaitsForItsEnd() throws Exception {
        RemoteStream stream = call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}");
            received.awaitItems("a");
            stream.pause();
            stream.close();

            assertThat(answer.readHeader()).isEqualTo("\"stop\"");
            answer.sendBody("{\"data\":\"last\"}").close();
            assertThat(received.awaitEnd()).isEqualTo(new Completed());
            assertThat(received.items).containsExactly("a", "last");
        }
    }

    @Test
    void anErrorBeforeTheBeginningIsTheHandlers() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader("{\"error\":\"no such model\"}");

            assertThat(received.awaitFailure(FailureCause.HANDLER_FAILED))
                    .isEqualTo("no such model");
        }
    }

    @Test
    void anItemThatIsInvalidKillsItsStreamAndNoOther() throws Exception {
        var other = new Recording();
        plane.open(ECHO, worker.instance(), "other", other);
        try (Wire requests = worker.accept();
                Wire good = answer(requests)) {
            call("hello");
            try (Wire bad = answer(requests)) {
                bad.sendHeader(BEGUN).sendBody("{\"data\":5}");
                assertThat(received.awaitFailure(FailureCause.HANDLER_FAILED)).contains("'data'");
                assertThat(bad.readHeader()).isEqualTo("\"kill\"");
            }
            good.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}").sendBody(FINAL);
            assertThat(other.awaitEnd()).isEqualTo(new Completed());
            assertThat(other.items).containsExactly("a");
        }
    }

    @Test
    void aFrameThatIsNoFrameLosesItsStreamOnly() throws Exception {
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendRaw(HTTP);

            assertThat(received.awaitFailure(FailureCause.CONNECTION_LOST)).contains("claims");
            assertThat(answer.readHeader()).isEqualTo("\"kill\"");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void garbageEndsAnAnswerInOneWay(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            byte[] frame = Wire.twoPart("", "{\"data\":\"a\",\"complete_final\":false}");
            answer.sendHeader(BEGUN);
            for (int i = 0; i < 3; i++) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
                answer.sendRaw(frame);
            }
            answer.reset();
        } catch (IOException _) {
            assertThat(received.ends).as("the caller closed first").hasSize(1);
        }
        received.awaitEnd();
        assertThat(received.ends).hasSize(1);
    }

    @Test
    void anAddressOfAnotherKindCannotBeReached() {
        for (Transport transport :
                new Transport[] {
                    Transport.tcp("nonsense"),
                    Transport.tcp("host:port/1/generate"),
                    new Transport(Transport.NATS, "a_b.generate-2a")
                }) {
            var unreachable = new Recording();
            plane.open(ECHO, Instance.of(ECHO.id(), 1, transport), "hello", unreachable);

            unreachable.awaitFailure(FailureCause.NO_SUCH_INSTANCE);
        }
    }

    @Test
    void aRequestThatIsTooLargeIsNotSent() {
        call("x".repeat(33 << 20));

        assertThat(received.awaitFailure(FailureCause.HANDLER_FAILED)).contains("more than");
        await().until(() -> received.ends.size() == 1);
    }

    private RemoteStream call(String request) {
        return plane.open(ECHO, worker.instance(), request, received);
    }
}
