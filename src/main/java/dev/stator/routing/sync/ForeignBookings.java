package dev.stator.routing.sync;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Booking;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingStatement.Running;
import dev.stator.routing.sync.BookingStatement.Wanted;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the other routers run, charged to the workers. Thread-safe; one lock.
final class ForeignBookings {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignBookings.class);

    /// Sessions that are followed; more are not counted.
    static final int SESSIONS_MAX = 256;

    private final long ownRouterId;
    private final ActiveSequences active;
    private final LongSupplier nanos;
    private final Map<RouterSession, ForeignSession> sessions = new HashMap<>(); // guarded by this
    private long applied; // guarded by this
    private long ignored; // guarded by this
    private long wanted; // guarded by this
    private long expired; // guarded by this

    /// @param ownRouterId whose own words are not news
    /// @param nanos monotonic
    ForeignBookings(long ownRouterId, ActiveSequences active, LongSupplier nanos) {
        this.ownRouterId = ownRouterId;
        this.active = active;
        this.nanos = nanos;
    }

    static Booking book(ActiveSequences active, WorkerId worker, Booked booked) {
        long[] hashes = booked.blocks().stream().mapToLong(it -> it.value()).toArray();
        return active.bookForeign(worker, hashes, booked.prefillTokens());
    }

    synchronized void onEvent(BookingEvent event) {
        boolean isNews =
                session(event.router())
                        .map(it -> it.onEvent(event, nanos.getAsLong()))
                        .orElse(false);
        if (isNews) {
            applied++;
        } else {
            ignored++;
        }
    }

    /// What the router should be asked for.
    synchronized Optional<Wanted> onRunning(Running statement) {
        List<Long> missing =
                session(statement.router())
                        .map(it -> it.onRunning(statement, nanos.getAsLong()))
                        .orElse(List.of());
        wanted += missing.size();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Wanted(statement.router(), missing));
    }

    /// Gives back what a router ran that is gone. If it still runs something, it will say so.
    synchronized void forget(long routerId) {
        Iterator<Map.Entry<RouterSession, ForeignSession>> each = sessions.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<RouterSession, ForeignSession> session = each.next();
            if (session.getKey().routerId() == routerId) {
                session.getValue().close();
                each.remove();
            }
        }
    }

    /// Gives back what nobody speaks of any more.
    synchronized void expire() {
        long now = nanos.getAsLong();
        sessions.forEach(
                (router, session) -> {
                    int count = session.expire(now);
                    expired += count;
                    if (count > 0) {
                        LOG.warn("{} bookings of router {} are taken for ended", count, router);
                    }
                });
        sessions.values().removeIf(it -> it.isOver(now));
    }

    synchronized SyncStats.Foreign stats() {
        int held = sessions.values().stream().mapToInt(ForeignSession::size).sum();
        return new SyncStats.Foreign(sessions.size(), held, applied, ignored, wanted, expired);
    }

    synchronized void close() {
        sessions.values().forEach(ForeignSession::close);
        sessions.clear();
    }

    /// Empty for this router itself, and when there are too many.
    private Optional<ForeignSession> session(RouterSession router) {
        if (router.routerId() == ownRouterId) {
            return Optional.empty();
        }
        ForeignSession known = sessions.get(router);
        if (known == null && sessions.size() < SESSIONS_MAX) {
            known = router.isOurs() ? new NumberedSession(active) : new AgingSession(active);
            sessions.put(router, known);
        }
        return Optional.ofNullable(known);
    }
}
