package dev.stator.routing.live;

import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Loses, repeats, delays and reorders events while it is unhealthy; delivers when it is told to.
final class FaultyEventPlane implements EventPlane {
    private final SplittableRandom random;
    private final List<EventSubscriber<Object>> subscribers = new ArrayList<>();
    private final List<Object> pending = new ArrayList<>();
    private boolean healthy;

    FaultyEventPlane(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        int copies =
                healthy ? 1 : Math.max(0, random.nextInt(12) - 9) + (random.nextInt(6) > 0 ? 1 : 0);
        for (int i = 0; i < copies; i++) {
            pending.add(event);
        }
        if (copies == 0 && random.nextInt(4) == 0) {
            subscribers.forEach(it -> it.onGap(1));
        }
    }

    /// All subscribers hear of all topics: there is one.
    @Override
    @SuppressWarnings("unchecked")
    public <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        subscribers.add((EventSubscriber<Object>) subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /// Delivers at most `count` events, mostly in order.
    void deliver(int count) {
        for (int i = 0; i < count && !pending.isEmpty(); i++) {
            boolean isReordered = !healthy && random.nextInt(5) == 0;
            Object event = pending.remove(isReordered ? random.nextInt(pending.size()) : 0);
            subscribers.forEach(it -> it.onEvent(event));
        }
    }

    /// No further fault; what is on its way still arrives.
    void heal() {
        healthy = true;
    }

    @Override
    public void close() {
        subscribers.clear();
    }
}
