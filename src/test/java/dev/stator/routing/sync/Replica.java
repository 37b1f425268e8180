package dev.stator.routing.sync;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.ActiveSequences;
import dev.stator.routing.Booking;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.WorkerLoad;
import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.events.EventPlane;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A router without its choosing: what it books, and what it hears of the others.
final class Replica implements AutoCloseable {
    static final EndpointId WORKERS = new EndpointId("test", "backend", "generate");
    private static final int BLOCK_SIZE = 4;
    private static final BlockHasher HASHER = new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED);

    final RouterSession self;
    final ActiveSequences active = new ActiveSequences(false);
    final List<Running> running = new ArrayList<>();
    final BookingSync sync;
    private final Discovery.Announcement announcement;
    private int requests;

    /// One of its requests.
    record Running(WorkerId worker, RoutingQuery query, Booking booking, boolean[] completed) {}

    Replica(RouterSession self, Discovery discovery, EventPlane events, AtomicLong nanos) {
        this.self = self;
        this.sync =
                BookingSync.open(
                        self,
                        WORKERS,
                        active,
                        new BookingSync.Surroundings(discovery, events, Runnable::run, nanos::get));
        this.announcement =
                discovery.announce(
                        Instance.of(
                                new EndpointId("test", "kv-router", "generate"),
                                self.routerId(),
                                new Transport(Transport.MEMORY, "router")));
    }

    Running book(WorkerId worker, int... ids) {
        TokenIds prompt = TokenIds.of(ids);
        var query =
                new RoutingQuery(
                        self + "-" + requests++,
                        prompt.size(),
                        HASHER.hash(prompt),
                        List.of(new Candidate(worker, 100)));
        var booked =
                new Running(worker, query, active.book(worker, query, 0), new boolean[] {false});
        running.add(booked);
        return booked;
    }

    void complete(Running request) {
        request.completed[0] = true;
        request.booking.prefillCompleted();
    }

    void end(Running request) {
        running.remove(request);
        request.booking.close();
    }

    Map<WorkerId, WorkerLoad> loads() {
        return active.loads();
    }

    /// What all of these replicas together put on the workers, counted anew.
    static Map<WorkerId, WorkerLoad> truth(Collection<Replica> replicas) {
        var all = new ActiveSequences(false);
        for (Replica replica : replicas) {
            for (Running each : replica.running) {
                Booking booking = all.book(each.worker, each.query, 0);
                if (each.completed[0]) {
                    booking.prefillCompleted();
                }
            }
        }
        return all.loads();
    }

    /// Falls silent without a word, and discovery notices.
    void kill() {
        announcement.close();
    }

    @Override
    public void close() {
        announcement.close();
        sync.close();
    }
}
