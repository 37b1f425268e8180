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
    private final double faultRate;
    private final List<EventSubscriber<Object>> subscribers = new ArrayList<>();
    private final List<Object> pending = new ArrayList<>();
    private boolean healthy;

    /// @param faultRate share of events that are lost, that are repeated and that overtake others
    FaultyEventPlane(SplittableRandom random, double faultRate) {
        this.random = random;
        this.faultRate = faultRate;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        int copies = (isFaulty() ? 0 : 1) + (isFaulty() ? 1 : 0);
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
            Object event = pending.remove(isFaulty() ? random.nextInt(pending.size()) : 0);
            subscribers.forEach(it -> it.onEvent(event));
        }
    }

    private boolean isFaulty() {
        return !healthy && random.nextDouble() < faultRate;
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
