package dev.stator.runtime.requests.memory;

import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/// Stands between a handler and a receiver: lets exactly one end through, also when the plane ends
/// the stream while the handler delivers an item, and turns an exception of either side into an
/// end. No lock is held while either side is called.
final class MemoryStream<I> implements StreamReceiver<I> {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryStream.class);

    private final StreamReceiver<I> receiver;
    private final Consumer<MemoryStream<I>> onEnded;
    private final DeferredStream handle = new DeferredStream();
    private boolean delivering; // guarded by this
    private @Nullable StreamEnd end; // guarded by this: what is or will be reported
    private boolean ended; // guarded by this: it was reported

    MemoryStream(StreamReceiver<I> receiver, Consumer<MemoryStream<I>> onEnded) {
        this.receiver = receiver;
        this.onEnded = onEnded;
    }

    DeferredStream handle() {
        return handle;
    }

    <Q> void start(RequestHandler<Q, I> handler, Q request) {
        try {
            handle.attach(handler.open(request, this));
        } catch (RuntimeException e) {
            LOG.error("a request handler failed", e);
            onEnd(new Failed(FailureCause.HANDLER_FAILED, "handler failed: " + e.getMessage()));
        }
    }

    /// Ends the stream from the plane's side.
    void breakOff() {
        handle.close();
        onEnd(new Failed(FailureCause.CONNECTION_LOST, "the request plane was closed"));
    }

    @Override
    public void onItem(I item) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            delivering = true;
        }
        try {
            receiver.onItem(item);
        } catch (RuntimeException e) {
            LOG.error("a stream receiver failed", e);
            handle.close();
        }
        synchronized (this) {
            delivering = false;
        }
        deliverEnd();
    }

    @Override
    public void onEnd(StreamEnd how) {
        synchronized (this) {
            if (end == null) {
                end = how;
            }
        }
        deliverEnd();
    }

    private void deliverEnd() {
        StreamEnd how;
        synchronized (this) {
            how = end;
            if (how == null || delivering || ended) {
                return;
            }
            ended = true;
        }
        try {
            receiver.onEnd(how);
        } catch (RuntimeException e) {
            LOG.error("a stream receiver failed", e);
        }
        onEnded.accept(this);
    }
}
