package dev.stator.routing.sync;

import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Booking;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingEvent.Change.PrefillCompleted;
import dev.stator.routing.sync.BookingEvent.Change.Released;
import dev.stator.routing.sync.BookingStatement.Running;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A router that is not ours: it neither numbers nor states its bookings, so a lost end is made
/// good by age alone, as Dynamo does it.
final class AgingSession implements ForeignSession {

    /// After which a booking is taken for ended, as long as in Dynamo.
    static final long AGE_MAX_NANOS = 300_000_000_000L;

    /// Bookings held of one router; more are not counted.
    static final int HELD_MAX = 65_536;

    private final ActiveSequences active;
    private final Map<String, Held> held = new LinkedHashMap<>(); // by request id, oldest first

    private record Held(Booking booking, long bookedNanos) {}

    AgingSession(ActiveSequences active) {
        this.active = active;
    }

    @Override
    public boolean onEvent(BookingEvent event, long nowNanos) {
        Held known = held.get(event.requestId());
        switch (event.change()) {
            case Booked booked -> {
                boolean isNew = known == null && held.size() < HELD_MAX;
                if (isNew) {
                    Booking booking = ForeignBookings.book(active, event.worker(), booked);
                    held.put(event.requestId(), new Held(booking, nowNanos));
                }
                return isNew;
            }
            case PrefillCompleted() -> {
                if (known != null) {
                    known.booking.prefillCompleted();
                }
            }
            case Released() -> {
                if (known != null) {
                    held.remove(event.requestId());
                    known.booking.close();
                }
            }
        }
        return known != null;
    }

    @Override
    public List<Long> onRunning(Running statement, long nowNanos) {
        return List.of();
    }

    @Override
    public int expire(long nowNanos) {
        int before = held.size();
        Iterator<Held> oldest = held.values().iterator();
        while (oldest.hasNext()) {
            Held each = oldest.next();
            if (nowNanos - each.bookedNanos <= AGE_MAX_NANOS) {
                break;
            }
            oldest.remove();
            each.booking.close();
        }
        return before - held.size();
    }

    @Override
    public boolean isOver(long nowNanos) {
        return held.isEmpty();
    }

    @Override
    public int size() {
        return held.size();
    }

    @Override
    public void close() {
        held.values().forEach(it -> it.booking.close());
        held.clear();
    }
}
