package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.wire.RouterAnswer;
import dev.stator.routing.wire.RouterQuestion;
import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;

import java.util.ArrayList;
import java.util.List;

/// What a router has answered to one question so far.
final class Answers implements StreamReceiver<RouterAnswer> {
    final List<RouterAnswer> items = new ArrayList<>();
    final List<StreamEnd> ends = new ArrayList<>();
    private final DeferredStream handle = new DeferredStream();

    static Answers to(RouterService service, RouterQuestion question) {
        var answers = new Answers();
        answers.handle.attach(service.open(question, answers));
        return answers;
    }

    /// The answer, which has come.
    RouterAnswer only() {
        assertThat(items).hasSize(1);
        assertThat(ends).containsExactly(new StreamEnd.Completed());
        return items.getFirst();
    }

    boolean hasCome() {
        return !ends.isEmpty();
    }

    /// Who asked is gone.
    void leave() {
        handle.close();
    }

    @Override
    public void onItem(RouterAnswer item) {
        items.add(item);
    }

    @Override
    public void onEnd(StreamEnd end) {
        ends.add(end);
    }
}
