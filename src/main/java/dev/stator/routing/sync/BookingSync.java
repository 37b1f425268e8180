package dev.stator.routing.sync;

import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.sync.BookingStatement.Running;
import dev.stator.routing.sync.BookingStatement.Wanted;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Shares what routers book, so that each prices a worker by all it runs. Thread-safe.
///
/// Events are hints and may be lost, repeated or late; once per period every router states which
/// bookings it runs, and who does not know one of them asks. So a lost release is made good by the
/// next statement, a lost booking by the one after, and a router that starts late learns what is
/// running. The load of a router goes when discovery says that the router has gone, or when it
/// falls silent.
///
/// ```
/// A books            ──booked 7──▶      B charges the worker
/// A's request ends   ──released 7──▶    lost
/// A's period         ──running {}──▶    B gives 7 back
/// B starts late      ◀─wanted {9}──     after A's statement: running {9}
///                    ──booked 9──▶
/// ```
public final class BookingSync implements AutoCloseable {

    /// Messages that wait for the plane; the newest are dropped when there are more.
    public static final int OUTBOX_MAX = 16_384;

    private static final String ROUTER_COMPONENT = "kv-router";
    private static final String ROUTER_ENDPOINT = "router-discovery";

    private final RouterSession self;
    private final ActiveSequences active;
    private final Outbox outbox;
    private final Topic<BookingStatement> statements;
    private final OwnBookings own;
    private final ForeignBookings foreign;
    private final EventPlane.Subscription events;
    private final EventPlane.Subscription repairs;
    private final Discovery.Watch watch;

    /// What a `BookingSync` reaches others by.
    ///
    /// @param executor runs the publishing, at most one task at a time
    /// @param nanos monotonic
    public record Surroundings(
            Discovery discovery, EventPlane events, Executor executor, LongSupplier nanos) {}

    private BookingSync(
            RouterSession self, EndpointId workers, ActiveSequences active, Surroundings around) {
        this.self = self;
        this.active = active;
        this.outbox = new Outbox(around.events(), around.executor(), OUTBOX_MAX);
        this.statements = SyncTopics.statements(workers);
        this.own = new OwnBookings(self, workers, outbox);
        this.foreign = new ForeignBookings(self.routerId(), active, around.nanos());
        active.listen(own);
        this.events =
                around.events()
                        .subscribe(SyncTopics.bookings(workers), new Hearing<>(foreign::onEvent));
        this.repairs = around.events().subscribe(statements, new Hearing<>(this::onStatement));
        this.watch = around.discovery().watch(this::onChange);
    }

    /// Shares the bookings of `active` from now on.
    ///
    /// @param self with a session that no other router has, not 0
    /// @param workers where the workers run prompts
    public static BookingSync open(
            RouterSession self, EndpointId workers, ActiveSequences active, Surroundings around) {
        if (!self.isOurs()) {
            throw new IllegalArgumentException("the session must not be 0: " + self);
        }
        return new BookingSync(self, workers, active, around);
    }

    /// States what runs here and forgets what nobody speaks of. To be called about once a second.
    public void audit() {
        own.state();
        foreign.expire();
    }

    public SyncStats stats() {
        return new SyncStats(outbox.published(), outbox.dropped(), foreign.stats());
    }

    /// Says a last time what runs here, stops listening and gives back what others run.
    @Override
    public void close() {
        active.listen(ActiveSequences.Listener.NONE);
        own.state();
        watch.close();
        events.close();
        repairs.close();
        foreign.close();
    }

    private void onStatement(BookingStatement statement) {
        switch (statement) {
            case Running running ->
                    foreign.onRunning(running).ifPresent(it -> outbox.offer(statements, () -> it));
            case Wanted(var router, var bookings) -> {
                if (router.equals(self)) {
                    own.repeat(bookings);
                }
            }
        }
    }

    private void onChange(InstanceChange change) {
        EndpointId endpoint = change.instance().endpoint();
        boolean isRouter =
                endpoint.component().equals(ROUTER_COMPONENT)
                        || endpoint.endpoint().equals(ROUTER_ENDPOINT);
        if (isRouter && change instanceof InstanceChange.Removed(var gone)) {
            foreign.forget(gone.instanceId());
        }
    }

    /// Gaps need nothing: the next statement fills them.
    private record Hearing<E>(Consumer<E> consumer) implements EventSubscriber<E> {

        @Override
        public void onEvent(E event) {
            consumer.accept(event);
        }

        @Override
        public void onGap(long events) {}
    }
}
