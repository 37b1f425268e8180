package dev.stator.runtime.requests.tcp;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.tcp.TcpOptions;
import dev.stator.runtime.TextEndpoint;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.requests.Endpoint;
import dev.stator.runtime.requests.HandDriven;
import dev.stator.runtime.requests.HandDriven.Answer;
import dev.stator.runtime.requests.RequestPlane.Serving;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;

/// Our serving is called by somebody who speaks Dynamo's bytes and is not ours.
@Timeout(30)
class CallerByHandTest {
    private static final Endpoint<String, String> ECHO =
            TextEndpoint.of(new EndpointId("dynamo", "backend", "generate"));
    private static final String PATH = "2a/generate";
    private static final int RUNNING_MAX = 3;

    private final HandDriven served = new HandDriven();
    private TcpRequestPlane plane;
    private Serving serving;
    private ServerSocket home;
    private Wire requests;

    @BeforeEach
    void open() throws IOException {
        plane = new TcpRequestPlane(TestPlanes.patient(RUNNING_MAX, TcpOptions.DEFAULT));
        serving = plane.serve(ECHO, 0x2a, served);
        home = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        home.setSoTimeout(10_000);
        requests = connect();
    }

    @AfterEach
    void close() throws IOException {
        requests.close();
        home.close();
        plane.close();
    }

    @Test
    void theAddressIsOneOfDynamo() {
        assertThat(serving.transport().kind()).isEqualTo("tcp");
        assertThat(serving.transport().address()).matches("127\\.0\\.0\\.1:[0-9]+/2a/generate");
        assertThat(serving.metadata()).containsEntry("request_plane_codec", "msgpack");
    }

    @Test
    void theAnswerIsWhatDynamoAwaits() throws Exception {
        call("hello");
        assertThat(requests.readReply()).isEmpty();
        try (Wire answer = answer()) {
            Answer handler = served.awaitOne();
            assertThat(handler.request).isEqualTo("hello");
            assertThat(answer.readHeader()).isEqualTo("{\"error\":null}");
            handler.send("a").end(new Completed());
            assertThat(answer.readBody()).isEqualTo("{\"data\":\"a\",\"complete_final\":false}");
            assertThat(answer.readBody()).isEqualTo("{\"complete_final\":true}");
            assertThat(answer.readHeader()).isEqualTo("\"sentinel\"");
        }
        assertThat(served.awaitOne().wishes).isEmpty();
    }

    @Test
    void theHandlerHasBegunBeforeItsFirstItem() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            served.awaitOne();
            assertThat(answer.readHeader()).isEqualTo("{\"error\":null}");
        }
    }

    @Test
    void theWorkerWaitsForTheCallerToCloseButNotForEver() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            served.awaitOne().end(new Completed());
            answer.readHeader();
            answer.readBody();
            answer.readHeader();

            assertThat(answer.isEnded()).isTrue();
        }
    }

    @Test
    void pipelinedRequestsAreRepliedToInTheirOrder() throws Exception {
        requests.sendRequest("2a/other", control("1"), "\"x\"");
        requests.sendRequest(PATH, control("2"), "\"x\"");
        requests.sendRequest("generate", control("3"), "\"x\"");

        assertThat(requests.readReply())
                .isEqualTo("Server unavailable: 2a/other is not served here");
        assertThat(requests.readReply()).isEmpty();
        assertThat(requests.readReply()).startsWith("Server unavailable: ");
    }

    @Test
    void aClosedServingIsUnavailable() throws Exception {
        serving.close();
        call("hello");

        assertThat(requests.readReply()).startsWith("Server unavailable: ");
    }

    @Test
    void moreThanMayRunAreTooMany() throws Exception {
        for (int i = 0; i < RUNNING_MAX; i++) {
            call("hello");
            assertThat(requests.readReply()).isEmpty();
        }
        call("hello");
        assertThat(requests.readReply()).isEqualTo("Server overloaded: worker at capacity");
        for (int i = 0; i < RUNNING_MAX; i++) {
            answer().close();
        }
        await().untilAsserted(
                        () -> {
                            call("hello");
                            assertThat(requests.readReply()).isEmpty();
                        });
    }

    @Test
    void aRequestThatSaysNotWhereToAnswerIsRefused() throws Exception {
        for (String header :
                new String[] {"", "{}", "no json", control("1").replace("127.0.0.1", "")}) {
            requests.sendRequest(PATH, header, "\"x\"");
            assertThat(requests.readReply()).startsWith("Server unavailable: ");
        }
    }

    @Test
    void aRequestThatIsInvalidDoesNotBegin() throws Exception {
        requests.sendRequest(PATH, control("1"), "5");
        try (Wire answer = answer()) {
            assertThat(answer.readHeader())
                    .startsWith(
                            "{\"error\":\"the request is invalid: the document must be a string")
                    .contains("\"typed_error\":{\"error_type\":\"Unknown\"");
        }
        assertThat(served.answers).isEmpty();
    }

    @Test
    void aFailureOfTheHandlerIsAnErrorItem() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            served.awaitOne().send("a").end(new Failed(FailureCause.HANDLER_FAILED, "no more"));
            answer.readHeader();
            answer.readBody();
            assertThat(answer.readBody())
                    .contains("\"event\":\"error\"", "\"comment\":[\"no more\"]");
            assertThat(answer.readBody()).isEqualTo("{\"complete_final\":true}");
            assertThat(answer.readHeader()).isEqualTo("\"sentinel\"");
        }
    }

    @Test
    void stopCancelsAndLetsTheAnswerEnd() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            Answer handler = served.awaitOne();
            answer.readHeader();
            answer.sendHeader("\"stop\"");
            await().untilAsserted(() -> assertThat(handler.wishes).containsExactly("close"));
            handler.send("last").end(new Completed());

            assertThat(answer.readBody()).contains("last");
            assertThat(answer.readBody()).isEqualTo("{\"complete_final\":true}");
        }
    }

    @Test
    void killCancelsAndEndsTheAnswer() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            Answer handler = served.awaitOne();
            answer.readHeader();
            answer.sendHeader("\"kill\"");

            assertThat(answer.isEnded()).isTrue();
            await().untilAsserted(() -> assertThat(handler.wishes).containsExactly("close"));
            handler.send("unheard").end(new Completed());
        }
    }

    @Test
    void aCallerThatVanishesCancelsItsAnswer() throws Exception {
        call("hello");
        Wire answer = answer();
        Answer handler = served.awaitOne();
        answer.readHeader();
        answer.reset();

        await().untilAsserted(() -> assertThat(handler.wishes).containsExactly("close"));
    }

    @Test
    void aCallerThatTalksNonsenseCancelsItsAnswer() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            Answer handler = served.awaitOne();
            answer.readHeader();
            answer.sendBody("{}");

            assertThat(answer.isEnded()).isTrue();
            await().untilAsserted(() -> assertThat(handler.wishes).containsExactly("close"));
        }
    }

    @Test
    void aCallerThatCannotBeCalledHearsNothingAndHarmsNobody() throws Exception {
        int port = home.getLocalPort();
        home.close();
        requests.sendRequest(PATH, control("1", port), "\"x\"");

        assertThat(requests.readReply()).isEmpty();
        home = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        call("hello");
        try (Wire answer = answer()) {
            assertThat(answer.readHeader()).isEqualTo("{\"error\":null}");
        }
    }

    @Test
    void closingThePlaneCancelsEverything() throws Exception {
        call("hello");
        try (Wire answer = answer()) {
            Answer handler = served.awaitOne();
            answer.readHeader();
            plane.close();

            assertThat(handler.wishes).containsExactly("close");
            assertThat(answer.isEnded()).isTrue();
            assertThat(requests.readReply()).isEmpty();
            assertThat(requests.isEnded()).isTrue();
        }
    }

    @Test
    void aRequestThatClaimsTooMuchEndsItsConnectionOnly() throws Exception {
        try (Wire other = connect()) {
            other.sendRaw(new byte[] {0, 0, 0, 0, -1, -1, -1, -1});
            assertThat(other.readReply()).startsWith("Server unavailable: ");
            assertThat(other.isEnded()).isTrue();
        }
        call("hello");
        assertThat(requests.readReply()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#ten")
    void garbageHarmsNobody(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        byte[] garbage = new byte[2_000];
        random.nextBytes(garbage);
        try (Wire other = connect()) {
            other.sendRaw(garbage);
        }
        call("hello");
        assertThat(requests.readReply()).isEmpty();
        try (Wire answer = answer()) {
            assertThat(answer.readHeader()).isEqualTo("{\"error\":null}");
        }
    }

    private void call(String text) throws IOException {
        requests.sendRequest(PATH, control("r1"), "\"" + text + "\"");
    }

    private String control(String id) {
        return control(id, home.getLocalPort());
    }

    private static String control(String id, int port) {
        return ("{\"id\":\"%1$s\",\"request_type\":\"single_in\",\"response_type\":\"many_out\","
                        + "\"connection_info\":{\"transport\":\"tcp_server\",\"info\":\""
                        + "{\\\"address\\\":\\\"127.0.0.1:%2$d\\\",\\\"subject\\\":\\\"s-%1$s\\\","
                        + "\\\"context\\\":\\\"%1$s\\\",\\\"stream_type\\\":\\\"response\\\"}\"}}")
                .formatted(id, port);
    }

    /// The next worker that calls, after it has said what it answers.
    private Wire answer() throws IOException {
        var answer = new Wire(home.accept());
        assertThat(answer.readHeader())
                .matches("\\{\"subject\":\"s-.*\",\"stream_type\":\"response\"}");
        return answer;
    }

    private Wire connect() throws IOException {
        String address = serving.transport().address();
        int port =
                Integer.parseInt(address.substring(address.indexOf(':') + 1, address.indexOf('/')));
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
    }
}
