package dev.stator.runtime.events.memory;

import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// A bounded queue and the one task that empties it while it is not empty.
final class MemorySubscription<E> implements EventPlane.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(MemorySubscription.class);

    private final Topic<E> topic;
    private final EventSubscriber<E> subscriber;
    private final int pendingEventsMax;
    private final Executor executor;
    private final Consumer<MemorySubscription<E>> onClose;

    private final Queue<Object> pending = new ArrayDeque<>(); // guarded by this: events and Gaps
    private long dropped; // guarded by this: since the last element of pending
    private boolean draining; // guarded by this
    private volatile boolean closed;

    MemorySubscription(
            Topic<E> topic,
            EventSubscriber<E> subscriber,
            int pendingEventsMax,
            Executor executor,
            Consumer<MemorySubscription<E>> onClose) {
        this.topic = topic;
        this.subscriber = subscriber;
        this.pendingEventsMax = pendingEventsMax;
        this.executor = executor;
        this.onClose = onClose;
    }

    void offer(Object event) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (pending.size() >= pendingEventsMax) {
                dropped++;
                return;
            }
            if (dropped > 0) {
                pending.add(new Gap(dropped));
                dropped = 0;
            }
            pending.add(event);
            if (draining) {
                return;
            }
            draining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            LOG.warn("a subscription of {} outlives its executor", topic.subject(), e);
            close();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            pending.clear();
            dropped = 0;
        }
        onClose.accept(this);
    }

    private void drain() {
        for (Object next = poll(); next != null; next = poll()) {
            try {
                if (next instanceof Gap(long events)) {
                    subscriber.onGap(events);
                } else {
                    subscriber.onEvent(topic.type().cast(next));
                }
            } catch (RuntimeException e) {
                LOG.error("a subscriber of {} failed", topic.subject(), e);
            }
        }
    }

    private synchronized @Nullable Object poll() {
        Object next = pending.poll();
        if (next == null && dropped > 0) {
            next = new Gap(dropped);
            dropped = 0;
        }
        draining = next != null;
        return next;
    }

    private record Gap(long events) {}
}
