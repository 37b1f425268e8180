package dev.stator.runtime.events;

/// Receives the events of one topic, one call at a time.
public interface EventSubscriber<E> {

    /// One event, in the order in which its publisher sent it.
    void onEvent(E event);

    /// Events were lost here, between the last one and the next one.
    ///
    /// @param events how many, as far as is known; at least 1
    void onGap(long events);
}
