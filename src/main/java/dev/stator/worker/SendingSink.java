package dev.stator.worker;

import dev.stator.engine.GeneratedToken;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.engine.wire.GenerationItem;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamReceiver;

import java.util.concurrent.atomic.AtomicBoolean;

/// Sends what an engine produces to whoever asked for it.
final class SendingSink implements TokenSink {
    private final StreamReceiver<GenerationItem> receiver;
    private final Runnable onEnded;
    private final AtomicBoolean ended = new AtomicBoolean();

    /// @param onEnded called once, when nothing follows
    SendingSink(StreamReceiver<GenerationItem> receiver, Runnable onEnded) {
        this.receiver = receiver;
        this.onEnded = onEnded;
    }

    @Override
    public void onStart(GenerationStart start) {
        receiver.onItem(new GenerationItem.Started(start));
    }

    @Override
    public void onToken(GeneratedToken token) {
        receiver.onItem(new GenerationItem.Produced(token));
    }

    @Override
    public void onEnd(GenerationEnd end) {
        try {
            receiver.onItem(new GenerationItem.Ended(end));
            receiver.onEnd(new StreamEnd.Completed());
        } finally {
            abandon();
        }
    }

    /// Counts the request as ended without a word to the receiver.
    void abandon() {
        if (ended.compareAndSet(false, true)) {
            onEnded.run();
        }
    }
}
