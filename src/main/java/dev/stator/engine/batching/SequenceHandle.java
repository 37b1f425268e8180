package dev.stator.engine.batching;

import dev.stator.engine.FinishReason;
import dev.stator.engine.GeneratedToken;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationEnd.Finished;
import dev.stator.engine.GenerationStart;
import dev.stator.engine.TokenSink;
import dev.stator.engine.TokenUsage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Joins a sequence to its sink and to the wishes of its caller.
///
/// Wishes are flags that the step thread reads between steps; whoever sets one passes the handle to
/// `notice`, at most once until the step thread has taken it up again.
final class SequenceHandle implements Generation {
    private static final Logger LOG = LoggerFactory.getLogger(SequenceHandle.class);

    private final Sequence sequence;
    private final TokenSink sink;
    private final Consumer<SequenceHandle> notice;
    private final AtomicBoolean noticed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private int delivered;
    private volatile boolean pauseWanted;
    private volatile boolean cancelWanted;

    SequenceHandle(Sequence sequence, TokenSink sink, Consumer<SequenceHandle> notice) {
        this.sequence = sequence;
        this.sink = sink;
        this.notice = notice;
        sequence.handle(this);
    }

    Sequence sequence() {
        return sequence;
    }

    @Override
    public void pause() {
        pauseWanted = true;
        notifyEngine();
    }

    @Override
    public void resume() {
        pauseWanted = false;
        notifyEngine();
    }

    @Override
    public void close() {
        cancelWanted = true;
        notifyEngine();
    }

    /// Has the step thread look at the flags.
    void notifyEngine() {
        if (!ended.get() && noticed.compareAndSet(false, true)) {
            notice.accept(this);
        }
    }

    /// Called by the step thread before it reads the flags.
    void takeUp() {
        noticed.set(false);
    }

    boolean isPauseWanted() {
        return pauseWanted;
    }

    boolean isCancelWanted() {
        return cancelWanted;
    }

    /// False when the sink failed.
    boolean start(GenerationStart start) {
        try {
            sink.onStart(start);
            return true;
        } catch (Throwable e) {
            logSinkFailure(e);
            return false;
        }
    }

    /// False when the sink failed.
    boolean token(GeneratedToken token) {
        delivered++;
        try {
            sink.onToken(token);
            return true;
        } catch (Throwable e) {
            logSinkFailure(e);
            return false;
        }
    }

    /// An end with what was delivered up to now.
    Finished finished(FinishReason reason) {
        var usage = new TokenUsage(sequence.promptTokens(), sequence.cachedTokens(), delivered);
        return new Finished(reason, usage);
    }

    /// Claims the end; true for one call only, which then delivers it.
    boolean claimEnd() {
        return ended.compareAndSet(false, true);
    }

    void deliverEnd(GenerationEnd end) {
        try {
            sink.onEnd(end);
        } catch (Throwable e) {
            logSinkFailure(e);
        }
    }

    private void logSinkFailure(Throwable failure) {
        LOG.warn("sink of request {} failed", sequence.request().id(), failure);
    }
}
