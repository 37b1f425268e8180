package dev.stator.routing.sync;

import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Booking;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingEvent.Change.PrefillCompleted;
import dev.stator.routing.sync.BookingEvent.Change.Released;
import dev.stator.routing.sync.BookingStatement.Running;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A session of a router of ours. Its statements decide: what they do not list is given back, what
/// they list and is not held is asked for, and what they do not list is not believed when it comes
/// late. A router that says nothing for `SILENT_MAX_NANOS` runs nothing.
final class NumberedSession implements ForeignSession {

    /// Several times the period of the statements.
    static final long SILENT_MAX_NANOS = 10_000_000_000L;

    /// Bookings held of one session; more are left to the statements.
    static final int HELD_MAX = 65_536;

    /// Bookings asked for at once.
    static final int WANTED_MAX = 256;

    private final ActiveSequences active;
    private final NavigableMap<Long, Booking> held = new TreeMap<>(); // by number
    private final NavigableSet<Long> stated = new TreeSet<>(); // running by the last statements
    private long statedThrough; // the last booking that a statement is about
    private long lastStatement;
    private long heardNanos;

    NumberedSession(ActiveSequences active) {
        this.active = active;
    }

    @Override
    public boolean onEvent(BookingEvent event, long nowNanos) {
        heardNanos = nowNanos;
        return switch (event.change()) {
            case Booked booked -> book(event, booked);
            case PrefillCompleted() -> complete(event.booking());
            case Released() -> release(event.booking());
        };
    }

    @Override
    public List<Long> onRunning(Running statement, long nowNanos) {
        heardNanos = nowNanos;
        if (statement.number() <= lastStatement) {
            return List.of();
        }
        lastStatement = statement.number();
        long after = statement.after();
        long through = statement.through();
        stated.subSet(after, false, through, true).clear();
        stated.addAll(statement.prefilling());
        stated.addAll(statement.decoding());
        statedThrough = Math.max(statedThrough, through);
        List.copyOf(held.subMap(after, false, through, true).keySet()).stream()
                .filter(it -> !stated.contains(it))
                .forEach(this::release);
        statement.decoding().forEach(this::complete);
        return Stream.of(statement.prefilling(), statement.decoding())
                .flatMap(List::stream)
                .filter(it -> !held.containsKey(it))
                .limit(WANTED_MAX)
                .toList();
    }

    @Override
    public int expire(long nowNanos) {
        int count = isSilent(nowNanos) ? held.size() : 0;
        if (count > 0) {
            close();
        }
        return count;
    }

    @Override
    public boolean isOver(long nowNanos) {
        return isSilent(nowNanos);
    }

    @Override
    public int size() {
        return held.size();
    }

    @Override
    public void close() {
        new ArrayList<>(held.keySet()).forEach(this::release);
    }

    private boolean isSilent(long nowNanos) {
        return nowNanos - heardNanos > SILENT_MAX_NANOS;
    }

    private boolean book(BookingEvent event, Booked booked) {
        long number = event.booking();
        boolean hasEnded = number <= statedThrough && !stated.contains(number);
        if (hasEnded || held.containsKey(number) || held.size() >= HELD_MAX) {
            return false;
        }
        held.put(number, ForeignBookings.book(active, event.worker(), booked));
        return true;
    }

    private boolean complete(long number) {
        Booking booking = held.get(number);
        if (booking != null) {
            booking.prefillCompleted();
        }
        return booking != null;
    }

    private boolean release(long number) {
        stated.remove(number);
        Booking booking = held.remove(number);
        if (booking != null) {
            booking.close();
        }
        return booking != null;
    }
}
