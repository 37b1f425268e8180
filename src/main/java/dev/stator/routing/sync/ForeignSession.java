package dev.stator.routing.sync;

import dev.stator.routing.sync.BookingStatement.Running;

import java.util.List;

/// What is known of one session of another router. Not thread-safe.
interface ForeignSession {

    /// Whether it is understood and was not known.
    boolean onEvent(BookingEvent event, long nowNanos);

    /// The bookings that are running and not known, as many as should be asked for at once.
    List<Long> onRunning(Running statement, long nowNanos);

    /// Gives back what is too old to be believed. Returns how many bookings that were.
    int expire(long nowNanos);

    /// Whether nothing is lost when it is forgotten.
    boolean isOver(long nowNanos);

    /// Bookings held.
    int size();

    /// Gives everything back.
    void close();
}
