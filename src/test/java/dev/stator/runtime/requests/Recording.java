package dev.stator.runtime.requests;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A receiver that remembers what it heard.
public final class Recording implements StreamReceiver<String> {
    public final List<String> items = new CopyOnWriteArrayList<>();
    public final List<StreamEnd> ends = new CopyOnWriteArrayList<>();

    @Override
    public void onItem(String item) {
        items.add(item);
    }

    @Override
    public void onEnd(StreamEnd end) {
        ends.add(end);
    }

    public void awaitItems(String... expected) {
        await().untilAsserted(() -> assertThat(items).containsExactly(expected));
    }

    public StreamEnd awaitEnd() {
        await().until(() -> !ends.isEmpty());
        assertThat(ends).hasSize(1);
        return ends.getFirst();
    }

    /// The message of the failure with which it ends.
    public String awaitFailure(FailureCause cause) {
        assertThat(awaitEnd()).isInstanceOf(Failed.class);
        var failed = (Failed) awaitEnd();
        assertThat(failed.cause()).as(failed.message()).isEqualTo(cause);
        return failed.message();
    }
}
