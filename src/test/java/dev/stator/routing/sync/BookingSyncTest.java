package dev.stator.routing.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.sync.BookingEvent.Change.Booked;
import dev.stator.routing.sync.BookingEvent.Change.PrefillCompleted;
import dev.stator.routing.sync.BookingEvent.Change.Released;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

class BookingSyncTest {
    private static final WorkerId WORKER = new WorkerId(42);

    private final MemoryDiscovery discovery = new MemoryDiscovery();
    private final EventPlane events = new MemoryEventPlane(1_000, Runnable::run);
    private final AtomicLong nanos = new AtomicLong();
    private final Replica alice = new Replica(new RouterSession(1, 11), discovery, events, nanos);

    @Test
    void twoRoutersSeeEachOthersLoad() {
        Replica bob = bob();
        Replica.Running one = alice.book(WORKER, 1, 2, 3, 4, 5, 6, 7, 8);
        Replica.Running two = bob.book(WORKER, 1, 2, 3, 4, 9, 9, 9, 9, 9);

        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(17, 3, 3, 2));
        assertThat(bob.loads()).isEqualTo(alice.loads());

        alice.complete(one);
        assertThat(bob.loads()).containsEntry(WORKER, new WorkerLoad(9, 3, 3, 2));
        alice.end(one);
        assertThat(bob.loads()).containsEntry(WORKER, new WorkerLoad(9, 2, 2, 1));
        bob.end(two);
        assertThat(alice.loads()).isEmpty();
        assertThat(bob.loads()).isEmpty();
    }

    @Test
    void theAdapterOfARequestIsTold() {
        List<BookingEvent> told = new ArrayList<>();
        events.subscribe(
                SyncTopics.bookings(Replica.WORKERS),
                new EventSubscriber<>() {
                    @Override
                    public void onEvent(BookingEvent event) {
                        told.add(event);
                    }

                    @Override
                    public void onGap(long lost) {}
                });
        alice.end(alice.bookFor(Optional.of("sql"), WORKER, 1, 2, 3, 4));
        alice.book(WORKER, 1, 2, 3, 4);

        assertThat(told)
                .extracting(BookingEvent::adapter)
                .containsExactly(Optional.of("sql"), Optional.of("sql"), Optional.empty());
    }

    @Test
    void itsOwnEchoIsIgnored() {
        alice.book(WORKER, 1, 2, 3, 4);
        alice.sync.audit();

        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(4, 1, 1, 1));
        assertThat(alice.sync.stats().foreign().ignored()).isOne();
        assertThat(alice.sync.stats().foreign().sessions()).isZero();
    }

    @Test
    void theLoadOfARouterGoesWithIt() {
        Replica bob = bob();
        bob.book(WORKER, 1, 2, 3, 4);
        assertThat(alice.loads()).isNotEmpty();

        bob.kill();
        assertThat(alice.loads()).isEmpty();
    }

    @Test
    void aRouterThatIsHiddenButRunsIsHeardAgain() {
        Replica bob = bob();
        bob.book(WORKER, 1, 2, 3, 4);
        bob.kill();

        bob.sync.audit();
        assertThat(alice.loads()).isEqualTo(bob.loads());
    }

    @Test
    void theLoadOfASilentRouterIsForgotten() {
        bob().book(WORKER, 1, 2, 3, 4);
        nanos.addAndGet(NumberedSession.SILENT_MAX_NANOS);
        alice.sync.audit();
        assertThat(alice.loads()).isNotEmpty();

        nanos.incrementAndGet();
        alice.sync.audit();
        assertThat(alice.loads()).isEmpty();
        assertThat(alice.sync.stats().foreign().expired()).isOne();
        assertThat(alice.sync.stats().foreign().sessions()).isZero();
    }

    @Test
    void whoStartsLateLearnsWhatRuns() {
        Replica.Running one = alice.book(WORKER, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        alice.book(new WorkerId(43), 1, 2);
        alice.complete(one);
        Replica bob = bob();

        alice.sync.audit();
        assertThat(bob.loads()).isEqualTo(alice.loads());
        assertThat(bob.sync.stats().foreign().wanted()).isEqualTo(2);
    }

    @Test
    void manyBookingsTakeSeveralStatements() {
        Replica bob = bob();
        int count = OwnBookings.STATED_MAX * 2 + 1;
        List<Replica.Running> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(alice.book(WORKER, i + 1));
        }
        bob.sync.close();
        for (int i = 0; i < count; i += 2) {
            alice.end(all.get(i));
        }
        Replica carol = new Replica(new RouterSession(3, 33), discovery, events, nanos);
        for (int i = 0; i < count / NumberedSession.WANTED_MAX + 1; i++) {
            alice.sync.audit();
        }

        assertThat(carol.loads()).isEqualTo(alice.loads());
    }

    @Test
    void closingTakesTheLoadAlong() {
        Replica bob = bob();
        alice.book(WORKER, 1, 2, 3, 4);
        bob.book(WORKER, 5, 6, 7, 8).booking().close();
        bob.close();

        assertThat(bob.loads()).isEmpty();
        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(4, 1, 1, 1));
    }

    @Test
    void anIdleRouterFallsSilent() {
        for (int i = 0; i < 100; i++) {
            alice.sync.audit();
        }
        assertThat(alice.sync.stats().published()).isEqualTo(OwnBookings.FAREWELLS);
    }

    @Test
    void whatAStatementDoesNotListIsNotBelievedWhenItComesLate() {
        var other = new RouterSession(9, 99);
        events.publish(
                SyncTopics.statements(Replica.WORKERS),
                new BookingStatement.Running(other, 1, 0, 3, List.of(2L), List.of()));
        var booked = new Booked(List.of(new SequenceHash(5)), 8);
        for (long number = 1; number <= 4; number++) {
            hear(other, number, "r" + number, booked);
        }
        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(16, 1, 1, 2));

        hear(other, 2, "r2", new Released());
        hear(other, 2, "r2", booked);
        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(8, 1, 1, 1));
    }

    @Test
    void anOldStatementChangesNothing() {
        var other = new RouterSession(9, 99);
        hear(other, 1, "r1", new Booked(List.of(), 8));
        events.publish(
                SyncTopics.statements(Replica.WORKERS),
                new BookingStatement.Running(other, 2, 0, 1, List.of(1L), List.of()));
        events.publish(
                SyncTopics.statements(Replica.WORKERS),
                new BookingStatement.Running(other, 1, 0, 1, List.of(), List.of()));

        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(8, 0, 0, 1));
    }

    @Test
    void aDynamoRouterIsHeardByRequestIdAndForgottenByAge() {
        var foreign = new RouterSession(9, 0);
        hear(foreign, "a", new Booked(List.of(new SequenceHash(-1)), 7));
        hear(foreign, "a", new Booked(List.of(new SequenceHash(-1)), 7));
        hear(foreign, "b", new Booked(List.of(), 0));
        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(7, 1, 1, 2));

        hear(foreign, "a", new PrefillCompleted());
        hear(foreign, "b", new Released());
        hear(foreign, "b", new Released());
        assertThat(alice.loads()).containsEntry(WORKER, new WorkerLoad(0, 1, 1, 1));

        nanos.addAndGet(AgingSession.AGE_MAX_NANOS);
        alice.sync.audit();
        assertThat(alice.loads()).isNotEmpty();
        nanos.incrementAndGet();
        alice.sync.audit();
        assertThat(alice.loads()).isEmpty();
    }

    @Test
    void whatFindsTheOutboxFullIsDroppedAndCounted() {
        List<Runnable> later = new ArrayList<>();
        var outbox = new Outbox(events, later::add, 2);
        var topic = SyncTopics.bookings(Replica.WORKERS);
        for (int i = 1; i <= 3; i++) {
            var event =
                    new BookingEvent(new RouterSession(9, 9), i, "r" + i, WORKER, new Released());
            outbox.offer(topic, () -> event);
        }
        assertThat(later).hasSize(1);
        later.getFirst().run();

        assertThat(outbox.published()).isEqualTo(2);
        assertThat(outbox.dropped()).isOne();
    }

    @Test
    void aSessionWithoutNumberIsRefused() {
        var around = new BookingSync.Surroundings(discovery, events, Runnable::run, nanos::get);
        assertThatThrownBy(
                        () ->
                                BookingSync.open(
                                        new RouterSession(1, 0),
                                        Replica.WORKERS,
                                        new ActiveSequences(false, () -> 0),
                                        around))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("session");
    }

    private void hear(RouterSession router, String requestId, BookingEvent.Change change) {
        hear(router, 0, requestId, change);
    }

    private void hear(
            RouterSession router, long booking, String requestId, BookingEvent.Change change) {
        events.publish(
                SyncTopics.bookings(Replica.WORKERS),
                new BookingEvent(router, booking, requestId, WORKER, change));
    }

    private Replica bob() {
        return new Replica(new RouterSession(2, 22), discovery, events, nanos);
    }
}
