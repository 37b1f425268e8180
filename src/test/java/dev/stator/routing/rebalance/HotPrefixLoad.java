package dev.stator.routing.rebalance;

import dev.stator.routing.load.Speeds;
import dev.stator.routing.share.Replicated;
import dev.stator.routing.share.RouterShare;
import dev.stator.routing.share.ShareTopics;
import dev.stator.routing.sync.BookingSync;
import dev.stator.routing.sync.RouterSession;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.memory.MemoryDiscovery;
import dev.stator.runtime.events.EventSubscriber;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.tokens.TokenBlocks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// Requests for a prefix that is asked for ten times as often as one of 32 workers could serve it,
/// among others that have nothing in common. They come by chance, all of it from one seed.
final class HotPrefixLoad {
    private static final EndpointId WORKERS = new EndpointId("test", "backend", "generate");
    private static final int WORKER_COUNT = 32;
    private static final double SECONDS = 8;
    private static final int PREFIX_BLOCKS = 128;
    private static final int TAIL_BLOCKS = 8;
    private static final int OTHER_BLOCKS = 32;
    private static final double LOAD = 0.75; // of the fleet, all requests together
    private static final double HOT = seconds(TAIL_BLOCKS, PREFIX_BLOCKS);
    private static final double COPY = seconds(PREFIX_BLOCKS + TAIL_BLOCKS, 0);
    private static final double OTHER = seconds(OTHER_BLOCKS, 0);

    private final SplittableRandom random;
    private final List<Arrival> arrivals = new ArrayList<>();

    private record Arrival(double at, boolean isHot, TokenBlocks blocks) {}

    /// How it went.
    ///
    /// @param balance the busiest worker's time over the mean
    /// @param holders workers that hold the prefix in the end
    /// @param heard the rebalances that were told
    record Outcome(double balance, double hitRatio, long holders, List<Replicated> heard) {}

    HotPrefixLoad(long seed) {
        this.random = new SplittableRandom(seed);
        arrive(10 / HOT, true);
        arrive((LOAD * WORKER_COUNT - 10) / OTHER, false);
        arrivals.sort(Comparator.comparingDouble(Arrival::at));
    }

    /// Requests come to each of the routers alike.
    Outcome run(int routers, boolean sharesBookings) {
        var fleet = new SimulatedFleet(WORKER_COUNT, routers);
        List<Replicated> heard = new ArrayList<>();
        try (var plane = new MemoryEventPlane(10_000, Runnable::run)) {
            plane.subscribe(ShareTopics.rebalances(WORKERS), new Heard(heard));
            var discovery = new MemoryDiscovery();
            for (int i = 0; i < routers; i++) {
                if (sharesBookings) {
                    BookingSync.open(
                            new RouterSession(i + 1, i + 1),
                            WORKERS,
                            fleet.routers.get(i).active(),
                            new BookingSync.Surroundings(
                                    discovery, plane, Runnable::run, fleet::nanos));
                }
                RouterShare.open(
                        fleet.routers.get(i),
                        fleet.holders.get(i),
                        false,
                        new RouterShare.Surroundings(
                                i + 1, WORKERS, plane, Runnable::run, () -> Instant.EPOCH));
            }
            for (Arrival it : arrivals) {
                fleet.at(it.at, () -> fleet.request(random.nextInt(routers), it.blocks));
            }
            fleet.run();
        }
        long prefix = blocks(LongStream.range(0, PREFIX_BLOCKS)).sequenceHash(PREFIX_BLOCKS - 1);
        return new Outcome(fleet.balance(), fleet.hitRatio(), fleet.holders(prefix), heard);
    }

    /// The balance where each request goes to the worker with the least to do, whatever it holds:
    /// one by chance of those that are idle.
    double leastQueueBalance() {
        var free = new double[WORKER_COUNT]; // from when on
        var busy = new double[WORKER_COUNT];
        var holds = new boolean[WORKER_COUNT];
        for (Arrival it : arrivals) {
            int worker = leastQueue(free, it.at);
            double seconds = it.isHot ? holds[worker] ? HOT : COPY : OTHER;
            holds[worker] |= it.isHot;
            free[worker] = Math.max(free[worker], it.at) + seconds;
            busy[worker] += seconds;
        }
        double sum = 0;
        double most = 0;
        for (double seconds : busy) {
            sum += seconds;
            most = Math.max(most, seconds);
        }
        return most * WORKER_COUNT / sum;
    }

    private int leastQueue(double[] free, double now) {
        int least = 0;
        int equals = 0;
        for (int i = 0; i < free.length; i++) {
            double wait = Math.max(0, free[i] - now);
            int order = Double.compare(wait, Math.max(0, free[least] - now));
            equals = order < 0 ? 1 : order == 0 ? equals + 1 : equals;
            if (order < 0 || (order == 0 && random.nextInt(equals) == 0)) {
                least = i;
            }
        }
        return least;
    }

    /// So many per second on average.
    private void arrive(double perSecond, boolean isHot) {
        for (double at = gap(perSecond); at < SECONDS; at += gap(perSecond)) {
            LongStream own = random.longs(isHot ? TAIL_BLOCKS : OTHER_BLOCKS);
            LongStream shared = LongStream.range(0, isHot ? PREFIX_BLOCKS : 0);
            arrivals.add(new Arrival(at, isHot, blocks(LongStream.concat(shared, own))));
        }
    }

    private double gap(double perSecond) {
        return -Math.log(1 - random.nextDouble()) / perSecond;
    }

    private static double seconds(int newBlocks, int cachedBlocks) {
        int size = SimulatedFleet.BLOCK_SIZE;
        return Speeds.PRIOR.prefillSeconds(newBlocks * size + 1, cachedBlocks * size);
    }

    private static TokenBlocks blocks(LongStream hashes) {
        return TokenBlocks.of(SimulatedFleet.BLOCK_SIZE, hashes.toArray());
    }

    private record Heard(List<Replicated> heard) implements EventSubscriber<Replicated> {
        @Override
        public void onEvent(Replicated event) {
            heard.add(event);
        }

        @Override
        public void onGap(long events) {}
    }
}
