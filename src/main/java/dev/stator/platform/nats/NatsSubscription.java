package dev.stator.platform.nats;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/// What a receiver has yet to hear: a bounded queue of messages, with the losses where they
/// happened, and the one thread that empties it.
///
/// It outlives connections. The loss between two of them is heard only when the server has taken
/// the new subscription: whoever then asks for what was lost misses nothing in between.
public final class NatsSubscription implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsSubscription.class);

    private final List<String> patterns;
    private final PendingLimits limits;
    private final NatsReceiver receiver;
    private final Consumer<NatsSubscription> onClose;

    private final Queue<Pending> pending = new ArrayDeque<>(); // guarded by this
    private long pendingBytes; // guarded by this
    private int pendingMessages; // guarded by this
    private long lostSinceLast; // guarded by this: behind the last of pending
    private boolean held; // guarded by this: losses by outage are not to be delivered yet
    private boolean closed; // guarded by this
    private long received; // guarded by this
    private long lost; // guarded by this

    NatsSubscription(
            List<String> patterns,
            PendingLimits limits,
            NatsReceiver receiver,
            Consumer<NatsSubscription> onClose) {
        this.patterns = List.copyOf(patterns);
        this.limits = limits;
        this.receiver = receiver;
        this.onClose = onClose;
    }

    NatsSubscription start() {
        Thread.ofVirtual().name("nats-receiver-" + patterns.getFirst()).start(this::run);
        return this;
    }

    List<String> patterns() {
        return patterns;
    }

    /// Queues a message or drops it.
    synchronized void offer(String pattern, NatsMessage message) {
        if (closed) {
            return;
        }
        received++;
        int bytes = message.payload().length;
        if (pendingMessages >= limits.messagesMax() || pendingBytes + bytes > limits.bytesMax()) {
            lost++;
            lose(1);
            return;
        }
        flushLosses();
        pending.add(new Arrived(pattern, message));
        pendingMessages++;
        pendingBytes += bytes;
        notifyAll();
    }

    /// Notes a loss behind what is queued.
    synchronized void lose(long messages) {
        lostSinceLast += messages;
        notifyAll();
    }

    /// Notes that the subscription is made anew; the loss and what follows wait for `release`.
    synchronized void hold() {
        pending.add(new Lost(lostSinceLast + 1, true));
        lostSinceLast = 0;
        held = true;
    }

    /// The new subscription is active.
    synchronized void release() {
        held = false;
        notifyAll();
    }

    synchronized long received() {
        return received;
    }

    synchronized long lost() {
        return lost;
    }

    /// Ends it: a call in progress ends, no other follows. Idempotent.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            pending.clear();
            notifyAll();
        }
        onClose.accept(this);
    }

    private void run() {
        try {
            for (Pending next = take(); next != null; next = take()) {
                deliver(next);
            }
        } catch (InterruptedException e) {
            LOG.debug("a receiver of {} was stopped", patterns);
        }
    }

    private void deliver(Pending next) {
        try {
            switch (next) {
                case Arrived(var pattern, var message) -> receiver.onMessage(pattern, message);
                case Lost(var messages, _) -> receiver.onLost(messages);
            }
        } catch (RuntimeException e) {
            LOG.error("a receiver of {} failed", patterns, e);
        }
    }

    /// What comes next, null after the end.
    private synchronized @Nullable Pending take() throws InterruptedException {
        while (!closed && !isReady()) {
            wait();
        }
        if (closed) {
            return null;
        }
        if (pending.isEmpty()) {
            flushLosses();
        }
        Pending next = pending.remove();
        if (next instanceof Arrived(_, var message)) {
            pendingMessages--;
            pendingBytes -= message.payload().length;
        }
        return next;
    }

    private synchronized boolean isReady() {
        if (pending.isEmpty()) {
            return lostSinceLast > 0;
        }
        return !(held && pending.peek() instanceof Lost(_, var isByOutage) && isByOutage);
    }

    private synchronized void flushLosses() {
        if (lostSinceLast > 0) {
            pending.add(new Lost(lostSinceLast, false));
            lostSinceLast = 0;
        }
    }

    private sealed interface Pending {}

    private record Arrived(String pattern, NatsMessage message) implements Pending {}

    private record Lost(long messages, boolean isByOutage) implements Pending {}
}
