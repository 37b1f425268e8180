package dev.stator.routing.share;

import dev.stator.routing.KvRouter;
import dev.stator.routing.affinity.SessionTable;
import dev.stator.routing.affinity.SessionTable.Version;
import dev.stator.routing.rebalance.Rebalancer;
import dev.stator.routing.sync.Outbox;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.EventPlane;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.Topic;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Tells other routers which prefixes this one replicates and where its sessions belong, and
/// follows what they tell. Best effort: what is lost is told again with a later request.
/// Thread-safe.
public final class RouterShare implements AutoCloseable {

    /// Messages that wait for the plane; the newest are dropped when there are more.
    public static final int OUTBOX_MAX = 4_096;

    private final Surroundings around;
    private final KvRouter router;
    private final Outbox outbox;
    private final List<EventPlane.Subscription> subscriptions = new ArrayList<>();

    /// Who shares, and what it reaches others by.
    ///
    /// @param self the instance id of this process in discovery
    /// @param workers where the workers run prompts
    /// @param executor runs the publishing, at most one task at a time
    public record Surroundings(
            long self,
            EndpointId workers,
            EventPlane events,
            Executor executor,
            InstantSource clock) {}

    private RouterShare(KvRouter router, Surroundings around) {
        this.router = router;
        this.around = around;
        this.outbox = new Outbox(around.events(), around.executor(), OUTBOX_MAX);
    }

    /// Tells and follows replications from now on.
    ///
    /// @param holders hears what others announce
    /// @param sharesSessions whether the bindings of sessions are told and followed, too
    public static RouterShare open(
            KvRouter router,
            AnnouncedHolders holders,
            boolean sharesSessions,
            Surroundings around) {
        var share = new RouterShare(router, around);
        share.rebalances(holders);
        if (sharesSessions) {
            router.sessions().ifPresent(share::sessions);
        }
        return share;
    }

    /// Stops telling and listening.
    @Override
    public void close() {
        router.rebalancer().listen(Rebalancer.Listener.NONE);
        router.sessions().ifPresent(it -> it.listen(around.self(), SessionTable.Listener.NONE));
        subscriptions.forEach(EventPlane.Subscription::close);
    }

    private void rebalances(AnnouncedHolders holders) {
        Topic<Replicated> topic = ShareTopics.rebalances(around.workers());
        hear(
                topic,
                it -> {
                    if (it.routerId() != around.self()) {
                        holders.announced(it.rebalance().to(), it.rebalance().prefix());
                    }
                });
        router.rebalancer()
                .listen(
                        it -> {
                            var event = new Replicated(around.self(), it, around.clock().instant());
                            outbox.offer(topic, () -> event);
                        });
    }

    private void sessions(SessionTable sessions) {
        Topic<SessionBound> topic = ShareTopics.sessions(around.workers());
        hear(
                topic,
                it -> {
                    if (it.version().writer() != around.self()) {
                        sessions.hear(it.session(), it.bond(), it.version());
                    }
                });
        sessions.listen(
                around.self(),
                (session, bond, sequence) -> {
                    var event =
                            new SessionBound(session, bond, new Version(sequence, around.self()));
                    outbox.offer(topic, () -> event);
                });
    }

    private <E> void hear(Topic<E> topic, Consumer<E> consumer) {
        subscriptions.add(around.events().subscribe(topic, new Hearing<>(consumer)));
    }

    /// Gaps need nothing: what is lost is told again.
    private record Hearing<E>(Consumer<E> consumer) implements EventSubscriber<E> {

        @Override
        public void onEvent(E event) {
            consumer.accept(event);
        }

        @Override
        public void onGap(long events) {}
    }
}
