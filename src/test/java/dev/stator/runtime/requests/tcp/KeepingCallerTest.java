package dev.stator.runtime.requests.tcp;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.TextEndpoint;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.HandDriven;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;

/// Our serving brings its answers to a caller who keeps connections and speaks by hand.
@Timeout(30)
class KeepingCallerTest {
    private static final Endpoint<String, String> ECHO =
            TextEndpoint.of(new EndpointId("dynamo", "backend", "generate"));
    private static final String PATH = "2a/generate";
    private static final String KEPT = "\"kept\"";

    private final HandDriven served = new HandDriven();
    private TcpRequestPlane plane;
    private ServerSocket home;
    private Wire requests;

    @BeforeEach
    void open() throws IOException {
        plane = new TcpRequestPlane(TestPlanes.PATIENT);
        home = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        home.setSoTimeout(10_000);
        requests = connect(plane, served);
    }

    @AfterEach
    void close() throws IOException {
        requests.close();
        home.close();
        plane.close();
    }

    @Test
    void theNextAnswerComesOnTheSameConnection() throws Exception {
        call("one");
        try (Wire answers = accept()) {
            readWhole(answers, "one");
            answers.sendHeader(KEPT);
            for (String id : new String[] {"two", "three"}) {
                awaitIdle();
                call(id);
                readWhole(answers, id);
                answers.sendHeader(KEPT);
            }
        }
    }

    @Test
    void anotherAnswerComesOnAnotherConnectionMeanwhile() throws Exception {
        call("one");
        try (Wire first = accept()) {
            assertThat(first.readHeader()).isEqualTo(hello("one"));
            call("two");
            try (Wire second = accept()) {
                assertThat(second.readHeader()).isEqualTo(hello("two"));
            }
        }
    }

    @Test
    void aConnectionThatIsNotKeptYetIsNotUsed() throws Exception {
        call("one");
        try (Wire first = accept()) {
            readWhole(first, "one");
            call("two");
            try (Wire second = accept()) {
                readWhole(second, "two");
            }
        }
    }

    @Test
    void aFailedAnswerEndsItsConnection() throws Exception {
        call("one");
        try (Wire answer = accept()) {
            awaitCalls(1);
            served.answers
                    .getFirst()
                    .end(new Failed(FailureCause.HANDLER_FAILED, "the disk is full"));
            assertThat(answer.readHeader()).isEqualTo(hello("one"));
            answer.readHeader();
            assertThat(answer.readBody()).contains("the disk is full");
            answer.readBody();
            answer.readHeader();

            assertThat(answer.isEnded()).isTrue();
        }
    }

    @Test
    void keepingWhatIsNotDoneCancelsIt() throws Exception {
        call("one");
        try (Wire answer = accept()) {
            awaitCalls(1);
            answer.readHeader();
            answer.sendHeader(KEPT);

            await().untilAsserted(
                            () ->
                                    assertThat(served.answers.getFirst().wishes)
                                            .containsExactly("close"));
            answer.readHeader();
            assertThat(answer.isEnded()).isTrue();
        }
    }

    @Test
    void aLateStopHarmsNobody() throws Exception {
        call("one");
        try (Wire answers = accept()) {
            readWhole(answers, "one");
            answers.sendHeader("\"stop\"").sendHeader(KEPT);
            awaitIdle();
            call("two");
            readWhole(answers, "two");

            assertThat(served.answers.getLast().wishes).isEmpty();
        }
    }

    @Test
    void closingThePlaneClosesWhatIsKept() throws Exception {
        call("one");
        try (Wire answers = accept()) {
            readWhole(answers, "one");
            answers.sendHeader(KEPT);
            awaitIdle();
            plane.close();

            assertThat(answers.isEnded()).isTrue();
        }
    }

    @Test
    void whatIsNeitherKeptNorClosedIsClosedInTheEnd() throws Exception {
        try (var impatient = new TcpRequestPlane(TestPlanes.IMPATIENT);
                Wire calling = connect(impatient, served)) {
            calling.sendRequest(PATH, control("one"), "\"x\"");
            try (Wire answer = accept()) {
                readWhole(answer, "one");

                assertThat(answer.isEnded()).isTrue();
            }
        }
    }

    @Test
    void whatIsIdleForTooLongIsClosed() throws Exception {
        try (var impatient = new TcpRequestPlane(TestPlanes.IMPATIENT);
                Wire calling = connect(impatient, served)) {
            calling.sendRequest(PATH, control("one"), "\"x\"");
            try (Wire answer = accept()) {
                readWhole(answer, "one");
                answer.sendHeader(KEPT);

                assertThat(answer.isEnded()).isTrue();
            }
            calling.sendRequest(PATH, control("two"), "\"x\"");
            try (Wire answer = accept()) {
                readWhole(answer, "two");
            }
        }
    }

    @Test
    void aHandlerThatTakesItsTimeIsAnnouncedBeforeItBegins() throws Exception {
        var mayBegin = new CountDownLatch(1);
        RequestHandler<String, String> slow =
                (request, receiver) -> {
                    RemoteStream stream = served.open(request, receiver);
                    await().until(() -> mayBegin.getCount() == 0);
                    return stream;
                };
        try (var other = new TcpRequestPlane(TestPlanes.PATIENT);
                Wire calling = connect(other, slow)) {
            calling.sendRequest(PATH, control("one"), "\"x\"");
            try (Wire answer = accept()) {
                assertThat(answer.readHeader()).isEqualTo(hello("one"));
                answer.sendHeader("\"stop\"");
                mayBegin.countDown();

                await().untilAsserted(
                                () ->
                                        assertThat(served.awaitOne().wishes)
                                                .containsExactly("close"));
                assertThat(answer.readHeader()).isEqualTo("{\"error\":null}");
            }
        }
    }

    private static Wire connect(TcpRequestPlane serving, RequestHandler<String, String> handler)
            throws IOException {
        String address = serving.serve(ECHO, 0x2a, handler).transport().address();
        return Wire.connect(address.substring(0, address.indexOf('/')));
    }

    private void call(String id) throws IOException {
        requests.sendRequest(PATH, control(id), "\"x\"");
    }

    /// Ends the newest answer as soon as there is one, and reads it whole.
    private void readWhole(Wire answers, String id) throws IOException {
        assertThat(answers.readHeader()).isEqualTo(hello(id));
        assertThat(answers.readHeader()).isEqualTo("{\"error\":null}");
        served.answers.getLast().send("a").end(new Completed());
        assertThat(answers.readBody()).contains("\"a\"");
        assertThat(answers.readBody()).isEqualTo("{\"complete_final\":true}");
        assertThat(answers.readHeader()).isEqualTo("\"sentinel\"");
    }

    private void awaitCalls(int count) {
        await().until(() -> served.answers.size() == count);
    }

    private Wire accept() throws IOException {
        return new Wire(home.accept());
    }

    /// Words and requests come on different connections, in no order.
    private void awaitIdle() {
        await().until(() -> plane.keptConnections() == 1);
    }

    private static String hello(String id) {
        return "{\"subject\":\"s-%s\",\"stream_type\":\"response\"}".formatted(id);
    }

    private String control(String id) {
        return ("{\"id\":\"%1$s\",\"request_type\":\"single_in\",\"response_type\":\"many_out\","
                        + "\"connection_info\":{\"transport\":\"tcp_server\",\"info\":\""
                        + "{\\\"address\\\":\\\"127.0.0.1:%2$d\\\",\\\"subject\\\":\\\"s-%1$s\\\","
                        + "\\\"context\\\":\\\"%1$s\\\",\\\"stream_type\\\":\\\"response\\\","
                        + "\\\"keeps_connection\\\":true}\"}}")
                .formatted(id, home.getLocalPort());
    }
}
