package dev.stator.routing.sync;

import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.Topic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Publishes elsewhere what routing must not wait for: a bounded queue and the one task that
/// empties it while it is not empty. What finds it full is dropped and counted. Thread-safe.
public final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final EventPlane events;
    private final Executor executor;
    private final int messagesMax;
    private final Queue<Message<?>> pending = new ArrayDeque<>(); // guarded by this
    private boolean isDraining; // guarded by this
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    public Outbox(EventPlane events, Executor executor, int messagesMax) {
        this.events = events;
        this.executor = executor;
        this.messagesMax = messagesMax;
    }

    /// Returns at once. The event is put together when its turn comes.
    public <E> void offer(Topic<E> topic, Supplier<E> event) {
        synchronized (this) {
            if (pending.size() >= messagesMax) {
                dropped.increment();
                return;
            }
            pending.add(new Message<>(topic, event));
            if (isDraining) {
                return;
            }
            isDraining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.debug("the outbox outlives its executor", e);
            clear();
        }
    }

    long published() {
        return published.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    private void drain() {
        for (Message<?> next = poll(); next != null; next = poll()) {
            try {
                next.publish(events);
                published.increment();
            } catch (RuntimeException e) {
                LOG.error("what others should hear could not be published", e);
            }
        }
    }

    private synchronized @Nullable Message<?> poll() {
        Message<?> next = pending.poll();
        isDraining = next != null;
        return next;
    }

    private synchronized void clear() {
        pending.clear();
        isDraining = false;
    }

    private record Message<E>(Topic<E> topic, Supplier<E> event) {
        void publish(EventPlane events) {
            events.publish(topic, event.get());
        }
    }
}
