package dev.stator.runtime.requests.tcp;

import static dev.stator.runtime.requests.tcp.WorkerByHand.BEGUN;
import static dev.stator.runtime.requests.tcp.WorkerByHand.ECHO;
import static dev.stator.runtime.requests.tcp.WorkerByHand.answer;
import static dev.stator.runtime.requests.tcp.WorkerByHand.info;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.requests.Recording;
import dev.stator.runtime.requests.RemoteStream;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;

/// Our plane calls a worker that does not say what it should in time.
@Timeout(60)
class SilentWorkerTest {
    private final Recording received = new Recording();
    private TcpRequestPlane plane;
    private WorkerByHand worker;

    @BeforeEach
    void open() throws IOException {
        plane = new TcpRequestPlane(TestPlanes.IMPATIENT);
        worker = new WorkerByHand();
    }

    @AfterEach
    void close() throws IOException {
        plane.close();
        worker.close();
    }

    @Test
    void aRequestThatIsNeverAcknowledgedIsLost() throws Exception {
        call("hello");
        try (Wire requests = worker.accept()) {
            requests.readRequest();

            assertThat(received.awaitFailure(FailureCause.CONNECTION_LOST))
                    .contains("not acknowledged");
            assertThat(requests.isEnded()).isTrue();
        }
    }

    @Test
    void aWorkerThatNeverCallsIsLost() throws Exception {
        call("hello");
        try (Wire requests = worker.accept()) {
            requests.readRequest();
            requests.sendReply("");

            assertThat(received.awaitFailure(FailureCause.CONNECTION_LOST))
                    .contains("did not answer");
        }
    }

    @Test
    void aWorkerThatDoesNotStopIsKilled() throws Exception {
        RemoteStream stream = call("hello");
        try (Wire requests = worker.accept();
                Wire answer = answer(requests)) {
            answer.sendHeader(BEGUN).sendBody("{\"data\":\"a\"}");
            received.awaitItems("a");
            stream.close();

            assertThat(answer.readHeader()).isEqualTo("\"stop\"");
            assertThat(answer.readHeader()).isEqualTo("\"kill\"");
            received.awaitFailure(FailureCause.CONNECTION_LOST);
        }
    }

    @Test
    void strangersAreSentAway() throws Exception {
        call("hello");
        try (Wire requests = worker.accept()) {
            Wire.Request request = requests.readRequest();
            requests.sendReply("");
            String home = info(request).get("address").string();
            try (Wire unknown = Wire.connect(home);
                    Wire garbage = Wire.connect(home);
                    Wire silent = Wire.connect(home)) {
                unknown.sendHeader("{\"subject\":\"?\",\"stream_type\":\"response\"}");
                garbage.sendRaw(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}).sendRaw(new byte[16]);
                assertThat(unknown.isEnded()).isTrue();
                assertThat(garbage.isEnded()).isTrue();
                assertThat(silent.isEnded()).isTrue();
            }
        }
    }

    private RemoteStream call(String request) {
        return plane.open(ECHO, worker.instance(), request, received);
    }
}
