package dev.stator.routing.rebalance;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.load.Speeds;
import dev.stator.routing.share.AnnouncedHolders;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Workers that compute prompts one after the other and keep every block, in virtual time, behind
/// routers that hear of stored blocks a moment later.
final class SimulatedFleet {
    static final int BLOCK_SIZE = 64;
    private static final double EVENT_DELAY = 0.01;
    private static final double DECODE_SECONDS = 1;

    final List<KvRouter> routers = new ArrayList<>();
    final List<AnnouncedHolders> holders = new ArrayList<>();
    private final List<PackedPrefixIndex> indexes = new ArrayList<>();
    private final List<Simulated> workers;
    private final List<Candidate> candidates;
    private final PriorityQueue<Event> agenda =
            new PriorityQueue<>(
                    Comparator.comparingDouble(Event::at).thenComparingLong(Event::number));
    private double now;
    private long events;
    private int requests;

    private record Event(double at, long number, Runnable run) {}

    private record Job(TokenBlocks blocks, Routed routed) {}

    SimulatedFleet(int workers, int routers) {
        this.workers = IntStream.range(0, workers).mapToObj(it -> new Simulated(it)).toList();
        this.candidates = this.workers.stream().map(it -> new Candidate(it.id, 1_000_000)).toList();
        for (int i = 0; i < routers; i++) {
            var index = new PackedPrefixIndex();
            var known = new AnnouncedHolders(index, this::nanos);
            this.indexes.add(index);
            this.holders.add(known);
            this.routers.add(
                    new KvRouter(
                            RouterConfig.DEFAULT, known, new SplittableRandom(i), this::nanos));
        }
    }

    long nanos() {
        return (long) (now * 1e9);
    }

    void at(double seconds, Runnable run) {
        agenda.add(new Event(seconds, events++, run));
    }

    void run() {
        for (Event next = agenda.poll(); next != null; next = agenda.poll()) {
            now = next.at;
            next.run.run();
        }
    }

    /// A request comes to one of the routers.
    void request(int router, TokenBlocks blocks) {
        var query =
                new RoutingQuery(
                        "r" + requests++, blocks.count() * BLOCK_SIZE + 1, blocks, candidates);
        var routed = (Routed) routers.get(router).route(query);
        Simulated worker = workers.get((int) routed.choice().worker().value());
        worker.queue.add(new Job(blocks, routed));
        worker.startNext();
    }

    /// The busiest worker's time over the mean.
    double balance() {
        double max = workers.stream().mapToDouble(it -> it.busySeconds).max().orElseThrow();
        return max * workers.size() / workers.stream().mapToDouble(it -> it.busySeconds).sum();
    }

    /// Part of the prompts that was found cached.
    double hitRatio() {
        return workers.stream().mapToDouble(it -> it.cachedBlocks).sum()
                / workers.stream().mapToDouble(it -> it.promptBlocks).sum();
    }

    /// Workers that hold this block.
    long holders(long sequenceHash) {
        return workers.stream().filter(it -> it.held.contains(sequenceHash)).count();
    }

    private final class Simulated {
        private final WorkerId id;
        private final Deque<Job> queue = new ArrayDeque<>();
        private final Set<Long> held = new HashSet<>();
        private boolean isBusy;
        private double busySeconds;
        private long cachedBlocks;
        private long promptBlocks;

        Simulated(long id) {
            this.id = new WorkerId(id);
        }

        void startNext() {
            if (isBusy || queue.isEmpty()) {
                return;
            }
            Job job = queue.removeFirst();
            int cached = 0;
            while (cached < job.blocks.count() && held.contains(job.blocks.sequenceHash(cached))) {
                cached++;
            }
            int cachedTokens = cached * BLOCK_SIZE;
            int newTokens = job.blocks.count() * BLOCK_SIZE + 1 - cachedTokens;
            double seconds = Speeds.PRIOR.prefillSeconds(newTokens, cachedTokens);
            isBusy = true;
            busySeconds += seconds;
            cachedBlocks += cached;
            promptBlocks += job.blocks.count();
            at(now + seconds, () -> done(job, cachedTokens));
        }

        private void done(Job job, int cachedTokens) {
            isBusy = false;
            for (long hash : job.blocks.sequenceHashes()) {
                held.add(hash);
            }
            job.routed.booking().prefillCompleted(OptionalInt.of(cachedTokens));
            Stored stored = new Stored(Optional.empty(), stored(job.blocks));
            at(now + EVENT_DELAY, () -> indexes.forEach(it -> it.apply(id, stored)));
            at(now + DECODE_SECONDS, job.routed.booking()::close);
            startNext();
        }
    }

    private static List<StoredBlock> stored(TokenBlocks blocks) {
        return IntStream.range(0, blocks.count())
                .mapToObj(
                        i ->
                                new StoredBlock(
                                        new SequenceHash(blocks.sequenceHash(i)),
                                        new BlockHash(blocks.blockHash(i))))
                .toList();
    }
}
