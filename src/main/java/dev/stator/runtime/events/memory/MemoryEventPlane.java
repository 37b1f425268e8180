package dev.stator.runtime.events.memory;

import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/// Events for everything that lives in one process.
///
/// Each subscription has a queue of `pendingEventsMax` events. What finds it full is dropped and
/// reported to the subscriber as a gap.
public final class MemoryEventPlane implements EventPlane {

    /// Room for a burst of several large evictions.
    public static final int PENDING_EVENTS_MAX = 65_536;

    private final int pendingEventsMax;
    private final Executor executor;
    private final Map<Topic<?>, List<MemorySubscription<?>>> subscriptions =
            new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param executor runs the subscribers; each subscription uses at most one task at a time
    public MemoryEventPlane(int pendingEventsMax, Executor executor) {
        if (pendingEventsMax < 1) {
            throw new IllegalArgumentException(
                    "pendingEventsMax must be positive: " + pendingEventsMax);
        }
        this.pendingEventsMax = pendingEventsMax;
        this.executor = executor;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        for (MemorySubscription<?> subscription : subscriptions.getOrDefault(topic, List.of())) {
            subscription.offer(event);
        }
    }

    @Override
    public <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        List<MemorySubscription<?>> siblings =
                subscriptions.computeIfAbsent(topic, _ -> new CopyOnWriteArrayList<>());
        var subscription =
                new MemorySubscription<>(
                        topic, subscriber, pendingEventsMax, executor, siblings::remove);
        siblings.add(subscription);
        if (closed) {
            subscription.close();
        }
        return subscription;
    }

    @Override
    public void close() {
        closed = true;
        for (List<MemorySubscription<?>> siblings : subscriptions.values()) {
            siblings.forEach(MemorySubscription::close);
        }
    }
}
