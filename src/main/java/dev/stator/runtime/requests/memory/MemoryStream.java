package dev.stator.runtime.requests.memory;

import dev.stator.runtime.requests.DeferredStream;
import dev.stator.runtime.requests.GuardedReceiver;
import dev.stator.runtime.requests.RequestHandler;
import dev.stator.runtime.requests.StreamEnd;
import dev.stator.runtime.requests.StreamEnd.Failed;
import dev.stator.runtime.requests.StreamEnd.FailureCause;
import dev.stator.runtime.requests.StreamReceiver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/// Stands between a handler and a receiver, and turns an exception of either side into an end.
final class MemoryStream<I> implements StreamReceiver<I> {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryStream.class);

    private final DeferredStream handle = new DeferredStream();
    private final GuardedReceiver<I> receiver;

    MemoryStream(StreamReceiver<I> receiver, Consumer<MemoryStream<I>> onEnded) {
        this.receiver = new GuardedReceiver<>(receiver, handle::close, () -> onEnded.accept(this));
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
        receiver.onItem(item);
    }

    @Override
    public void onEnd(StreamEnd how) {
        receiver.onEnd(how);
    }
}
