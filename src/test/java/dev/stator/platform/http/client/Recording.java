package dev.stator.platform.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Remembers what one streamed call brought, and reacts to its events.
final class Recording implements EventListener {
    private static final long DEADLINE_SECONDS = 20;

    private final BiConsumer<HttpCall, String> onEvent;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<String> log = new ArrayList<>(); // guarded by this

    Recording() {
        this((_, _) -> {});
    }

    Recording(BiConsumer<HttpCall, String> onEvent) {
        this.onEvent = onEvent;
    }

    @Override
    public void onOpen(HttpCall call) {
        add("open");
    }

    @Override
    public void onEvent(HttpCall call, String data) {
        add(data);
        onEvent.accept(call, data);
    }

    @Override
    public void onEnd(HttpCall call) {
        end("end");
    }

    @Override
    public void onAnswer(HttpCall call, HttpReply reply) {
        end("answer " + reply.head().status() + " " + reply.body());
    }

    @Override
    public void onFailure(HttpCall call, HttpFailure failure) {
        end(failure.kind().toString());
    }

    private synchronized void add(String entry) {
        assertThat(ended.getCount()).as("calls after the end: " + entry).isEqualTo(1);
        log.add(entry);
    }

    private void end(String entry) {
        add(entry);
        ended.countDown();
    }

    synchronized List<String> log() {
        return List.copyOf(log);
    }

    List<String> await() throws InterruptedException {
        assertThat(ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
        return log();
    }
}
