package dev.stator.runtime.requests;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands before a receiver: lets exactly one end through, also when somebody ends the stream while
/// an item is being delivered, and nothing after it. No lock is held while the receiver is called.
///
/// Items must come one at a time; ends may come from any thread at any time.
public final class GuardedReceiver<I> implements StreamReceiver<I> {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedReceiver.class);

    private final StreamReceiver<I> receiver;
    private final Runnable onFault;
    private final Runnable onEnded;
    private boolean delivering; // guarded by this
    private @Nullable StreamEnd end; // guarded by this: what is or will be reported
    private boolean reported; // guarded by this

    /// @param onFault called when the receiver throws at an item
    /// @param onEnded called once, after the receiver heard of the end
    public GuardedReceiver(StreamReceiver<I> receiver, Runnable onFault, Runnable onEnded) {
        this.receiver = receiver;
        this.onFault = onFault;
        this.onEnded = onEnded;
    }

    /// Whether nothing more reaches the receiver but the end.
    public synchronized boolean hasEnded() {
        return end != null;
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
            onFault.run();
        }
        synchronized (this) {
            delivering = false;
        }
        reportEnd();
    }

    @Override
    public void onEnd(StreamEnd how) {
        synchronized (this) {
            if (end == null) {
                end = how;
            }
        }
        reportEnd();
    }

    private void reportEnd() {
        StreamEnd how;
        synchronized (this) {
            how = end;
            if (how == null || delivering || reported) {
                return;
            }
            reported = true;
        }
        try {
            receiver.onEnd(how);
        } catch (RuntimeException e) {
            LOG.error("a stream receiver failed", e);
        }
        onEnded.run();
    }
}
