package dev.stator.routing.sync;

import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Loses, repeats, delays and reorders events for each subscriber on its own while it is unhealthy;
/// delivers when it is told to.
final class FaultyEventPlane implements EventPlane {
    private final SplittableRandom random;
    private final List<Line<?>> lines = new ArrayList<>();
    private boolean healthy;

    FaultyEventPlane(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        for (Line<?> line : lines) {
            if (line.topic.equals(topic)) {
                line.offer(event, copies());
            }
        }
    }

    @Override
    public <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        var line = new Line<>(topic, subscriber, new ArrayList<>());
        lines.add(line);
        return () -> lines.remove(line);
    }

    /// Delivers at most `count` events to each subscriber, mostly in order.
    void deliver(int count) {
        for (int i = 0; i < count && lines.stream().anyMatch(it -> !it.pending.isEmpty()); i++) {
            for (Line<?> line : List.copyOf(lines)) {
                line.deliver(!healthy && random.nextInt(5) == 0, random);
            }
        }
    }

    /// No further fault; what is on its way still arrives.
    void heal() {
        healthy = true;
    }

    @Override
    public void close() {
        lines.clear();
    }

    private int copies() {
        return healthy ? 1 : new int[] {0, 1, 1, 1, 1, 2}[random.nextInt(6)];
    }

    private record Line<E>(Topic<E> topic, EventSubscriber<E> subscriber, List<E> pending) {

        void offer(Object event, int copies) {
            for (int i = 0; i < copies; i++) {
                pending.add(topic.type().cast(event));
            }
        }

        void deliver(boolean isReordered, SplittableRandom random) {
            if (!pending.isEmpty()) {
                int next = isReordered ? random.nextInt(pending.size()) : 0;
                subscriber.onEvent(pending.remove(next));
            }
        }
    }
}
