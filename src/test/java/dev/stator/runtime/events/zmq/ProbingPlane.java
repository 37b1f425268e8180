package dev.stator.runtime.events.zmq;

import static dev.stator.testing.Eventually.await;

import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A plane of texts whose subscriptions have begun when `subscribe` returns: it publishes probes,
/// which subscribers do not get to see, until the last of them has come through.
final class ProbingPlane implements EventPlane {
    private static final String PROBE = "probe ";

    private final EventPlane plane;
    private final AtomicInteger probes = new AtomicInteger();

    ProbingPlane(EventPlane plane) {
        this.plane = plane;
    }

    @Override
    public <E> void publish(Topic<E> topic, E event) {
        plane.publish(topic, event);
    }

    @Override
    public <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber) {
        var probed = new Probed<>(subscriber);
        Subscription subscription = plane.subscribe(topic, probed);
        await().until(
                        () -> {
                            probe(topic);
                            return !probed.probes.isEmpty();
                        });
        String last = probe(topic);
        await().until(() -> probed.probes.contains(last));
        probed.hasBegun = true;
        return subscription;
    }

    @Override
    public void close() {
        plane.close();
    }

    private <E> String probe(Topic<E> topic) {
        String probe = PROBE + probes.incrementAndGet();
        plane.publish(topic, topic.type().cast(probe));
        return probe;
    }

    private static final class Probed<E> implements EventSubscriber<E> {
        private final EventSubscriber<E> subscriber;
        private final Set<String> probes = ConcurrentHashMap.newKeySet();
        private volatile boolean hasBegun;

        Probed(EventSubscriber<E> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void onEvent(E event) {
            if (event.toString().startsWith(PROBE)) {
                probes.add(event.toString());
            } else {
                subscriber.onEvent(event);
            }
        }

        @Override
        public void onGap(long events) {
            if (hasBegun) {
                subscriber.onGap(events);
            }
        }
    }
}
