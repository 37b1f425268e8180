package dev.stator.routing.sync;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Demand;
import dev.stator.routing.sync.BookingEvent.Change;
import dev.stator.routing.sync.BookingStatement.Running;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.Topic;
import dev.stator.tokens.SequenceHash;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// What this router runs, told to the others: each booking as it is made, completed and given back,
/// and all of them again and again. Thread-safe; one lock.
final class OwnBookings implements ActiveSequences.Listener {

    /// Bookings in one statement, so that it stays far below what a broker carries in one message.
    static final int STATED_MAX = 4_096;

    /// Statements that say "nothing" before an idle router falls silent.
    static final int FAREWELLS = 5;

    private final RouterSession self;
    private final Outbox outbox;
    private final Topic<BookingEvent> bookings;
    private final Topic<BookingStatement> statements;
    private final NavigableMap<Long, Own> running = new TreeMap<>(); // guarded by this, by number
    private long lastBooking; // guarded by this
    private long lastStatement; // guarded by this
    private int farewells; // guarded by this

    OwnBookings(RouterSession self, EndpointId workers, Outbox outbox) {
        this.self = self;
        this.outbox = outbox;
        this.bookings = SyncTopics.bookings(workers);
        this.statements = SyncTopics.statements(workers);
    }

    @Override
    public synchronized ActiveSequences.Follower booked(
            WorkerId worker, Demand demand, long prefillTokens) {
        var own = new Own(++lastBooking, worker, demand, prefillTokens);
        running.put(own.number, own);
        outbox.offer(bookings, () -> own.booked(prefillTokens));
        return own;
    }

    /// Says what is running, in as many statements as that takes.
    synchronized void state() {
        farewells = running.isEmpty() ? farewells + 1 : 0;
        if (farewells > FAREWELLS) {
            return;
        }
        long after = 0;
        List<Own> part = new ArrayList<>();
        for (Own own : running.values()) {
            if (part.size() == STATED_MAX) {
                long through = part.getLast().number;
                state(after, through, part);
                after = through;
                part.clear();
            }
            part.add(own);
        }
        state(after, lastBooking, part);
    }

    /// Tells those bookings again that still run, each at most once per statement.
    synchronized void repeat(List<Long> wanted) {
        for (Long number : wanted) {
            Own own = running.get(number);
            if (own != null && own.repeatedAfter != lastStatement) {
                own.repeatedAfter = lastStatement;
                long prefillTokens = own.isCompleted ? 0 : own.prefillTokens;
                outbox.offer(bookings, () -> own.booked(prefillTokens));
            }
        }
    }

    private void state(long after, long through, List<Own> part) {
        var statement =
                new Running(
                        self,
                        ++lastStatement,
                        after,
                        through,
                        part.stream().filter(it -> !it.isCompleted).map(it -> it.number).toList(),
                        part.stream().filter(it -> it.isCompleted).map(it -> it.number).toList());
        outbox.offer(statements, () -> statement);
    }

    private final class Own implements ActiveSequences.Follower {
        private final long number;
        private final WorkerId worker;
        private final Demand demand;
        private final long prefillTokens;
        private boolean isCompleted; // guarded by OwnBookings.this
        private long repeatedAfter = -1; // guarded by OwnBookings.this: the statement before

        Own(long number, WorkerId worker, Demand demand, long prefillTokens) {
            this.number = number;
            this.worker = worker;
            this.demand = demand;
            this.prefillTokens = prefillTokens;
        }

        @Override
        public void prefillCompleted() {
            synchronized (OwnBookings.this) {
                isCompleted = true;
                outbox.offer(bookings, () -> event(new Change.PrefillCompleted()));
            }
        }

        @Override
        public void released() {
            synchronized (OwnBookings.this) {
                running.remove(number);
                outbox.offer(bookings, () -> event(new Change.Released()));
            }
        }

        BookingEvent booked(long tokens) {
            List<SequenceHash> hashes =
                    LongStream.of(demand.blocks().sequenceHashes())
                            .mapToObj(SequenceHash::new)
                            .toList();
            return event(new Change.Booked(hashes, tokens));
        }

        private BookingEvent event(Change change) {
            return new BookingEvent(
                    self, number, demand.requestId(), worker, demand.adapter(), change);
        }
    }
}
