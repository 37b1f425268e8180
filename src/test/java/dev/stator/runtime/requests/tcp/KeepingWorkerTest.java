package dev.stator.runtime.requests.tcp;

import static dev.stator.runtime.requests.tcp.WorkerByHand.BEGUN;
import static dev.stator.runtime.requests.tcp.WorkerByHand.ECHO;
import static dev.stator.runtime.requests.tcp.WorkerByHand.FINAL;
import static dev.stator.runtime.requests.tcp.WorkerByHand.SENTINEL;
import static dev.stator.runtime.requests.tcp.WorkerByHand.answer;
import static dev.stator.runtime.requests.tcp.WorkerByHand.info;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.requests.Recording;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// Our plane calls a worker that keeps connections and speaks by hand.
@Timeout(60)
class KeepingWorkerTest {
    private static final String KEPT = "\"kept\"";

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
    void onlyAWorkerThatUnderstandsItIsAskedToKeepConnections() throws Exception {
        plane.open(ECHO, worker.instance(), "hello", new Recording());
        plane.open(ECHO, keeping(), "hello", new Recording());
        try (Wire requests = worker.accept()) {
            assertThat(info(requests.readRequest()).get("keeps_connection").isPresent()).isFalse();
            assertThat(info(requests.readRequest()).get("keeps_connection").bool()).isTrue();
        }
    }

    @Test
    void aCompleteAnswerLeavesItsConnectionToTheNext() throws Exception {
        Recording first = call("one");
        try (Wire requests = worker.accept();
                Wire answers = kept(requests, first)) {
            Recording second = call("two");
            greet(answers, requests);
            bring(answers, second, "b");

            assertThat(answers.readHeader()).isEqualTo(KEPT);
            assertThat(first.items).containsExactly("a");
            assertThat(second.items).containsExactly("b");
        }
    }

    @Test
    void whatIsDoneToAnAnswerThatIsOverHarmsNotTheNext() throws Exception {
        var first = new Recording();
        RemoteStream stream = plane.open(ECHO, keeping(), "one", first);
        try (Wire requests = worker.accept();
                Wire answers = kept(requests, first)) {
            Recording second = call("two");
            greet(answers, requests);
            stream.pause();
            stream.close();
            bring(answers, second, "b");

            assertThat(answers.readHeader()).as("not stopped").isEqualTo(KEPT);
        }
    }

    @Test
    void anAnswerThatWasCancelledEndsItsConnection() throws Exception {
        var cancelled = new Recording();
        RemoteStream stream = plane.open(ECHO, keeping(), "one", cancelled);
        try (Wire requests = worker.accept();
                Wire answers = answer(requests)) {
            answers.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}");
            cancelled.awaitItems("a");
            stream.close();
            assertThat(answers.readHeader()).isEqualTo("\"stop\"");
            answers.sendBody(FINAL).sendHeader(SENTINEL);

            assertThat(answers.isEnded()).isTrue();
            assertThat(cancelled.awaitEnd()).isEqualTo(new Completed());
        }
    }

    @Test
    void anAnswerWithoutItsLastWordIsLostAlsoOnAKeptConnection() throws Exception {
        Recording first = call("one");
        try (Wire requests = worker.accept();
                Wire answers = kept(requests, first)) {
            Recording second = call("two");
            greet(answers, requests);
            answers.sendHeader(BEGUN).sendBody("{\"data\":\"b\"}");
            second.awaitItems("b");
            answers.reset();

            second.awaitFailure(FailureCause.CONNECTION_LOST);
        }
    }

    @Test
    void aHelloForNobodyEndsTheConnection() throws Exception {
        Recording first = call("one");
        try (Wire requests = worker.accept();
                Wire answers = kept(requests, first)) {
            answers.sendHeader("{\"subject\":\"nobody\",\"stream_type\":\"response\"}");

            assertThat(answers.isEnded()).isTrue();
        }
    }

    @Test
    void moreThanMayBeIdleAreClosed() throws Exception {
        try (var small = new TcpRequestPlane(TestPlanes.keeping(0))) {
            var received = new Recording();
            small.open(ECHO, keeping(), "hello", received);
            try (Wire requests = worker.accept();
                    Wire answers = answer(requests)) {
                bring(answers, received, "a");

                assertThat(answers.isEnded()).isTrue();
            }
        }
    }

    /// The worker as one that says it keeps connections.
    private Instance keeping() {
        return new Instance(
                ECHO.id(),
                0x2a,
                worker.instance().transport(),
                Map.of("answer_connections", "kept"),
                Optional.empty());
    }

    private Recording call(String request) {
        var received = new Recording();
        plane.open(ECHO, keeping(), request, received);
        return received;
    }

    /// The connection on which the first answer came whole, of one item "a".
    private static Wire kept(Wire requests, Recording first) throws IOException {
        Wire answers = answer(requests);
        bring(answers, first, "a");
        assertThat(answers.readHeader()).isEqualTo(KEPT);
        return answers;
    }

    private static void greet(Wire answers, Wire requests) throws IOException {
        String subject = info(requests.readRequest()).get("subject").string();
        requests.sendReply("");
        answers.sendHeader("{\"subject\":\"%s\",\"stream_type\":\"response\"}".formatted(subject));
    }

    /// A whole answer of one item.
    private static void bring(Wire answers, Recording received, String item) throws IOException {
        answers.sendHeader(BEGUN).sendBody("{\"data\":\"%s\"}".formatted(item));
        answers.sendBody(FINAL).sendHeader(SENTINEL);
        assertThat(received.awaitEnd()).isEqualTo(new Completed());
    }
}
