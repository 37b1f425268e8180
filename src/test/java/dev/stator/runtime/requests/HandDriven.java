package dev.stator.runtime.requests;

import static dev.stator.testing.Eventually.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A handler whose answers are given by the test.
public final class HandDriven implements RequestHandler<String, String> {
    public final List<Answer> answers = new CopyOnWriteArrayList<>();

    @Override
    public RemoteStream open(String request, StreamReceiver<String> receiver) {
        var answer = new Answer(request, receiver);
        answers.add(answer);
        return answer;
    }

    /// The answer to the only request.
    public Answer awaitOne() {
        await().until(() -> answers.size() == 1);
        return answers.getFirst();
    }

    /// One answer, and what its caller asked for.
    public static final class Answer implements RemoteStream {
        public final String request;
        public final List<String> wishes = new CopyOnWriteArrayList<>();
        private final StreamReceiver<String> receiver;

        Answer(String request, StreamReceiver<String> receiver) {
            this.request = request;
            this.receiver = receiver;
        }

        public Answer send(String... items) {
            List.of(items).forEach(receiver::onItem);
            return this;
        }

        public void end(StreamEnd end) {
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
}
