package dev.stator.routing.sync;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.load.ActiveSequences;
import dev.stator.routing.load.Booking;
import dev.stator.routing.load.Demand;
import dev.stator.routing.load.WorkerLoad;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/// A router without its choosing: what it books, and what it hears of the others.
final class Replica implements AutoCloseable {
    static final EndpointId WORKERS = new EndpointId("test", "backend", "generate");
    private static final int BLOCK_SIZE = 4;
    private static final BlockHasher HASHER = new BlockHasher(BLOCK_SIZE, CacheNamespace.SHARED);

    final RouterSession self;
    final ActiveSequences active = new ActiveSequences(false, () -> 0);
    final List<Running> running = new ArrayList<>();
    final BookingSync sync;
    private final Discovery.Announcement announcement;
    private int requests;

    /// One of its requests.
    record Running(WorkerId worker, Demand query, Booking booking, boolean[] completed) {}

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
        return bookFor(Optional.empty(), worker, ids);
    }

    Running bookFor(Optional<String> adapter, WorkerId worker, int... ids) {
        TokenIds prompt = TokenIds.of(ids);
        var query =
                new Demand(
                        self + "-" + requests++,
                        prompt.size(),
                        HASHER.hash(prompt),
                        OptionalInt.empty(),
                        true,
                        adapter);
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
        return counts(active);
    }

    /// What is counted, without what each router learns for itself.
    private static Map<WorkerId, WorkerLoad> counts(ActiveSequences active) {
        Map<WorkerId, WorkerLoad> counts = new HashMap<>();
        active.loads()
                .forEach(
                        (worker, load) ->
                                counts.put(
                                        worker,
                                        new WorkerLoad(
                                                load.prefillTokens(),
                                                load.activeBlocks(),
                                                load.decodeBlocks(),
                                                load.activeRequests())));
        return counts;
    }

    /// What all of these replicas together put on the workers, counted anew.
    static Map<WorkerId, WorkerLoad> truth(Collection<Replica> replicas) {
        var all = new ActiveSequences(false, () -> 0);
        for (Replica replica : replicas) {
            for (Running each : replica.running) {
                Booking booking = all.book(each.worker, each.query, 0);
                if (each.completed[0]) {
                    booking.prefillCompleted();
                }
            }
        }
        return counts(all);
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
