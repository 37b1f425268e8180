package dev.stator.runtime.requests;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.runtime.TextEndpoint;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane.Serving;
import dev.stator.runtime.requests.StreamEnd.Completed;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// What every request plane must do. Items may take a moment to arrive.
public abstract class RequestPlaneContract {
    private static final Endpoint<String, String> ECHO =
            TextEndpoint.of(new EndpointId("test", "backend", "echo"));

    private static final String FLOOD_ITEM = "x".repeat(16 << 10);
    private static final int FLOOD_ITEMS_MAX = 2_048;

    private final Served served = new Served();
    private final Received received = new Received();
    private RequestPlane plane;
    private RequestPlane servingPlane;

    protected abstract RequestPlane newPlane();

    /// The plane that serves when `calling` calls: the same, or that of another process.
    protected RequestPlane servingPlane(RequestPlane calling) {
        return calling;
    }

    /// An address of the plane at which nobody answers.
    protected abstract Transport nowhere();

    @BeforeEach
    void open() {
        plane = newPlane();
        servingPlane = servingPlane(plane);
    }

    @AfterEach
    void close() {
        plane.close();
        servingPlane.close();
    }

    @Test
    void itemsArriveInOrderAndThenTheEnd() {
        open(serve(1), "hello");
        served.awaitOne().send("a", "b", "c").complete();

        await().untilAsserted(() -> assertThat(received.ends).containsExactly(new Completed()));
        assertThat(received.items).containsExactly("a", "b", "c");
        assertThat(served.requests).containsExactly("hello");
    }

    @Test
    void whatIsSaidBesideARequestArrivesWithIt() {
        open(serve(1), "hello@night é");
        served.awaitOne().complete();

        assertThat(served.requests).containsExactly("hello@night é");
    }

    @Test
    void requestsGoToTheInstanceThatIsMeant() {
        var other = new Served();
        Instance one = serve(1);
        serve(2, other);
        open(one, "for one");

        served.awaitOne();
        assertThat(other.requests).isEmpty();
    }

    @Test
    void anInstanceThatNobodyServesIsAFailure() {
        open(Instance.of(ECHO.id(), 9, nowhere()), "hello");

        awaitFailure(FailureCause.NO_SUCH_INSTANCE);
    }

    @Test
    void aClosedServingTakesNoNewRequestsButEndsTheRunningOnes() {
        Serving serving = servingPlane.serve(ECHO, 1, served);
        Instance instance = instance(1, serving);
        open(instance, "before");
        Answer running = served.awaitOne();
        serving.close();
        serving.close();

        var late = new Received();
        plane.open(ECHO, instance, "after", late);
        await().untilAsserted(() -> assertThat(late.ends).hasSize(1));
        assertThat(late.ends.getFirst()).isInstanceOf(Failed.class);
        running.send("still here").complete();
        await().untilAsserted(() -> assertThat(received.ends).containsExactly(new Completed()));
        assertThat(received.items).containsExactly("still here");
    }

    @Test
    void aServingThatIsClosedAgainLeavesItsSuccessorAlone() {
        Serving first = servingPlane.serve(ECHO, 1, served);
        first.close();
        Instance instance = serve(1);
        first.close();
        open(instance, "hello");

        served.awaitOne().complete();
        await().untilAsserted(() -> assertThat(received.ends).containsExactly(new Completed()));
    }

    @Test
    void theSameEndpointCannotBeServedTwice() {
        servingPlane.serve(ECHO, 1, served);

        assertThatThrownBy(() -> servingPlane.serve(ECHO, 1, served))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHandlerThatFailsEndsTheAnswer() {
        Serving failing =
                servingPlane.serve(
                        ECHO,
                        1,
                        (_, _) -> {
                            throw new IllegalStateException("expected by the test");
                        });
        open(instance(1, failing), "hello");

        awaitFailure(FailureCause.HANDLER_FAILED);
    }

    @Test
    void aHandlersOwnFailureArrivesAsItIs() {
        open(serve(1), "hello");
        served.awaitOne().send("a").end(new Failed(FailureCause.HANDLER_FAILED, "no more"));

        await().untilAsserted(
                        () ->
                                assertThat(received.ends)
                                        .containsExactly(
                                                new Failed(
                                                        FailureCause.HANDLER_FAILED, "no more")));
        assertThat(received.items).containsExactly("a");
    }

    @Test
    void aPausedCallerPausesTheHandlerBeforeMuchIsBuffered() {
        RemoteStream stream = open(serve(1), "hello");
        Answer answer = served.awaitOne().send("first");
        await().until(() -> !received.items.isEmpty()); // what is on its way is not paused
        stream.pause();
        int sent = 1;
        while (answer.wishes.isEmpty() && sent < FLOOD_ITEMS_MAX) {
            answer.send(FLOOD_ITEM);
            sent++;
        }
        int flooded = sent;
        assertThat(answer.wishes).containsExactly("pause");

        stream.resume();
        await().untilAsserted(() -> assertThat(answer.wishes).containsExactly("pause", "resume"));
        answer.complete();
        await().untilAsserted(() -> assertThat(received.ends).containsExactly(new Completed()));
        assertThat(received.items).hasSize(flooded);
    }

    @Test
    void theCallerCancelsTheAnswer() {
        RemoteStream stream = open(serve(1), "hello");
        Answer answer = served.awaitOne();
        stream.close();
        stream.close();
        await().untilAsserted(() -> assertThat(answer.wishes).containsExactly("close"));
        answer.complete();
        await().untilAsserted(() -> assertThat(received.ends).hasSize(1));
    }

    @Test
    void nothingFollowsTheEnd() {
        open(serve(1), "hello");
        Answer answer = served.awaitOne();
        answer.send("a").complete();
        answer.send("b").end(new Failed(FailureCause.HANDLER_FAILED, "late"));
        var later = new Received();
        plane.open(ECHO, serve(2), "hello", later);
        await().until(() -> served.answers.size() == 2);
        served.answers.getLast().complete();

        await().untilAsserted(() -> assertThat(later.ends).hasSize(1));
        assertThat(received.items).containsExactly("a");
        assertThat(received.ends).containsExactly(new Completed());
    }

    @Test
    void aReceiverThatFailsCancelsItsAnswer() {
        received.failOn("a");
        open(serve(1), "hello");
        Answer answer = served.awaitOne();
        answer.send("a");

        await().untilAsserted(() -> assertThat(answer.wishes).containsExactly("close"));
        answer.complete();
        await().untilAsserted(() -> assertThat(received.ends).hasSize(1));
    }

    @Test
    void closingThePlaneBreaksOffWhatRuns() {
        open(serve(1), "hello");
        Answer answer = served.awaitOne();
        plane.close();

        awaitFailure(FailureCause.CONNECTION_LOST);
        await().untilAsserted(() -> assertThat(answer.wishes).containsExactly("close"));
        answer.send("late").complete();
        assertThat(received.items).isEmpty();
        assertThat(received.ends).hasSize(1);
    }

    private Instance serve(long id) {
        return serve(id, served);
    }

    private Instance serve(long id, Served handler) {
        return instance(id, servingPlane.serve(ECHO, id, handler));
    }

    private static Instance instance(long id, Serving serving) {
        return new Instance(
                ECHO.id(), id, serving.transport(), serving.metadata(), Optional.empty());
    }

    private RemoteStream open(Instance target, String request) {
        return plane.open(ECHO, target, request, received);
    }

    private void awaitFailure(FailureCause cause) {
        await().untilAsserted(() -> assertThat(received.ends).hasSize(1));
        assertThat(received.ends.getFirst())
                .isInstanceOfSatisfying(
                        Failed.class, it -> assertThat(it.cause()).isEqualTo(cause));
    }

    /// A handler whose answers are given by the test.
    private static final class Served implements RequestHandler<String, String> {
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final List<Answer> answers = new CopyOnWriteArrayList<>();

        @Override
        public RemoteStream open(String request, StreamReceiver<String> receiver) {
            requests.add(request);
            var answer = new Answer(receiver);
            answers.add(answer);
            return answer;
        }

        Answer awaitOne() {
            await().until(() -> answers.size() == 1);
            return answers.getFirst();
        }
    }

    private static final class Answer implements RemoteStream {
        private final StreamReceiver<String> receiver;
        private final List<String> wishes = new CopyOnWriteArrayList<>();

        Answer(StreamReceiver<String> receiver) {
            this.receiver = receiver;
        }

        Answer send(String... items) {
            List.of(items).forEach(receiver::onItem);
            return this;
        }

        void complete() {
            end(new Completed());
        }

        void end(StreamEnd end) {
            receiver.onEnd(end);
        }

        @Override
        public void pause() {
            wishes.add("pause");
        }

        @Override
        public void resume() {
            wishes.add("resume");
        }

        @Override
        public void close() {
            wishes.add("close");
        }
    }

    private static final class Received implements StreamReceiver<String> {
        private final List<String> items = new CopyOnWriteArrayList<>();
        private final List<StreamEnd> ends = new CopyOnWriteArrayList<>();
        private volatile String failing = "";

        void failOn(String item) {
            failing = item;
        }

        @Override
        public void onItem(String item) {
            items.add(item);
            if (item.equals(failing)) {
                throw new IllegalStateException("expected by the test");
            }
        }

        @Override
        public void onEnd(StreamEnd end) {
            ends.add(end);
        }
    }
}
