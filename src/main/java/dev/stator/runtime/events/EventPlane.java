package dev.stator.runtime.events;

/// Carries events to whoever listens. Thread-safe.
///
/// Delivery is at most once and best effort: events may be lost, and a plane that spans processes
/// may repeat them or change the order of different publishers. What must be exact carries its own
/// sequence numbers and is repaired from its source.
public interface EventPlane extends AutoCloseable {

    /// Sends an event. Returns at once, also when nobody listens or a listener is slow.
    <E> void publish(Topic<E> topic, E event);

    /// Delivers the events published from now on, until the subscription is closed. A plane that
    /// spans processes begins a moment later, or with events that were already on their way.
    <E> Subscription subscribe(Topic<E> topic, EventSubscriber<E> subscriber);

    /// Ends all subscriptions; later events go nowhere. Idempotent.
    @Override
    void close();

    /// A running subscription.
    interface Subscription extends AutoCloseable {

        /// Ends it. A call in progress may still end afterwards; no other follows. Idempotent.
        @Override
        void close();
    }
}
