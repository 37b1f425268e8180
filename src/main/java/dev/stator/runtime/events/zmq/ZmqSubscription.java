package dev.stator.runtime.events.zmq;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.EventEnvelope;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// What a subscriber has yet to hear: a bounded queue of messages, with the losses where they
/// happened, and the one task that empties it while it is not empty.
final class ZmqSubscription<E> {
    private static final Logger LOG = LoggerFactory.getLogger(ZmqSubscription.class);
    private static final int PUBLISHERS_MAX = 16_384;
    private static final long SHARED_ID = -1;

    private final Topic<E> topic;
    private final EventSubscriber<E> subscriber;
    private final int pendingEventsMax;
    private final Executor executor;

    private final Map<Long, Long> expected = new Expected(); // guarded by this: next by publisher
    private final Queue<Pending> pending = new ArrayDeque<>(); // guarded by this
    private long lost; // guarded by this: behind the last of pending
    private boolean draining; // guarded by this
    private volatile boolean closed;

    private sealed interface Pending {}

    private record Arrived(EventMessage message) implements Pending {}

    private record Lost(long events) implements Pending {}

    /// Next sequence numbers by publisher; the publisher not heard for longest is forgotten.
    private static final class Expected extends LinkedHashMap<Long, Long> {
        private static final long serialVersionUID = 1;

        Expected() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > PUBLISHERS_MAX;
        }
    }

    ZmqSubscription(
            Topic<E> topic,
            EventSubscriber<E> subscriber,
            int pendingEventsMax,
            Executor executor) {
        this.topic = topic;
        this.subscriber = subscriber;
        this.pendingEventsMax = pendingEventsMax;
        this.executor = executor;
    }

    /// Takes a message of any publisher, or of another topic that begins with the same letters.
    void receive(List<byte[]> frames) {
        EventMessage message = EventMessage.read(frames).orElse(null);
        if (message == null) {
            LOG.debug("not an event: {} frames", frames.size());
            return;
        }
        if (message.topic().equals(topic.subject().topic()) && queue(message)) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException e) {
                LOG.warn("a subscription of {} outlives its executor", topic.subject(), e);
                close();
            }
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
            pending.clear();
            lost = 0;
        }
    }

    /// Whether somebody has to begin to drain.
    private synchronized boolean queue(EventMessage message) {
        if (closed) {
            return false;
        }
        lost += missing(message);
        if (pending.size() >= pendingEventsMax) {
            lost++;
            return false;
        }
        if (lost > 0) {
            pending.add(new Lost(lost));
            lost = 0;
        }
        pending.add(new Arrived(message));
        boolean mustBegin = !draining;
        draining = true;
        return mustBegin;
    }

    /// Events missing before a message. What a publisher sent before it was heard first is not
    /// missing. One whose numbers go back is several that share an id, as before Dynamo 1.4; the
    /// distances of their numbers mean nothing.
    private synchronized long missing(EventMessage message) {
        long next = expected.getOrDefault(message.publisherId(), message.sequence());
        if (next == SHARED_ID) {
            return 0;
        }
        boolean isShared = message.sequence() < next;
        expected.put(message.publisherId(), isShared ? SHARED_ID : message.sequence() + 1);
        return isShared ? 0 : message.sequence() - next;
    }

    private void drain() {
        for (Pending next = poll(); next != null; next = poll()) {
            try {
                switch (next) {
                    case Arrived(var message) -> deliver(message);
                    case Lost(var events) -> subscriber.onGap(events);
                }
            } catch (RuntimeException e) {
                LOG.error("a subscriber of {} failed", topic.subject(), e);
            }
        }
    }

    private synchronized @Nullable Pending poll() {
        Pending next = pending.poll();
        if (next == null && lost > 0) {
            next = new Lost(lost);
            lost = 0;
        }
        draining = next != null;
        return next;
    }

    private void deliver(EventMessage message) {
        E event;
        try {
            var envelope = EventEnvelope.read(message.envelopeBytes(), EventCodec.LIMITS);
            event = topic.codec().dynamo().read(JsonField.root(envelope.payload()));
        } catch (JsonException | JsonFieldException | IllegalArgumentException e) {
            LOG.warn("an event of {} is unreadable: {}", topic.subject(), e.getMessage());
            subscriber.onGap(1);
            return;
        }
        subscriber.onEvent(event);
    }
}
