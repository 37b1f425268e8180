package dev.stator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.GenerationEnd.Failed;
import dev.stator.engine.GenerationEnd.Finished;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/// Remembers one generation and notes every breach of the sink's contract.
public final class RecordingSink implements TokenSink {
    private static final long DEADLINE_SECONDS = 60;

    private final IntConsumer onToken;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<GeneratedToken> tokens = new ArrayList<>(); // guarded by this
    private final List<String> breaches = new ArrayList<>(); // guarded by this
    private Optional<GenerationStart> start = Optional.empty(); // guarded by this
    private Optional<GenerationEnd> end = Optional.empty(); // guarded by this

    public RecordingSink() {
        this(_ -> {});
    }

    /// @param onToken called on the engine's thread with the number of tokens so far
    public RecordingSink(IntConsumer onToken) {
        this.onToken = onToken;
    }

    @Override
    public void onStart(GenerationStart started) {
        call("onStart", () -> start = Optional.of(started), start.isPresent() || !ids().isEmpty());
    }

    @Override
    public void onToken(GeneratedToken token) {
        call("onToken", () -> tokens.add(token), start().isEmpty());
        onToken.accept(ids().size());
    }

    @Override
    public void onEnd(GenerationEnd reason) {
        call("onEnd", () -> end = Optional.of(reason), false);
        ended.countDown();
    }

    public synchronized List<Integer> ids() {
        return tokens.stream().map(GeneratedToken::id).toList();
    }

    public synchronized List<GeneratedToken> tokens() {
        return List.copyOf(tokens);
    }

    public synchronized Optional<GenerationStart> start() {
        return start;
    }

    /// Waits for the end and checks that the calls came as promised.
    public GenerationEnd awaitEnd() throws InterruptedException {
        assertThat(ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("the end came").isTrue();
        synchronized (this) {
            assertThat(breaches).isEmpty();
            return end.orElseThrow();
        }
    }

    public Finished awaitFinished() throws InterruptedException {
        GenerationEnd how = awaitEnd();
        assertThat(how).isInstanceOf(Finished.class);
        return (Finished) how;
    }

    public EngineFailure awaitFailure() throws InterruptedException {
        return ((Failed) awaitEnd()).failure();
    }

    private void call(String name, Runnable record, boolean early) {
        if (!busy.compareAndSet(false, true)) {
            breach(name + " while another call runs");
        }
        synchronized (this) {
            if (end.isPresent()) {
                breach(name + " after onEnd");
            }
            if (early) {
                breach(name + " out of order");
            }
            record.run();
        }
        busy.set(false);
    }

    private synchronized void breach(String what) {
        breaches.add(what);
    }
}
