package dev.stator.routing.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

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

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/// A prefix that is asked for ten times as often as one worker could serve it.
class HotPrefixTest {
    private static final EndpointId WORKERS = new EndpointId("test", "backend", "generate");
    private static final int WORKER_COUNT = 32;
    private static final double SECONDS = 8;
    private static final int PREFIX_BLOCKS = 128;
    private static final int TAIL_BLOCKS = 8;
    private static final int OTHER_BLOCKS = 32;
    private static final double LOAD = 0.75; // of the fleet, all requests together

    private final SplittableRandom random = new SplittableRandom(11);
    private final List<Replicated> heard = new ArrayList<>();

    @Test
    void oneRouterSpreadsItAndSaysSo() {
        SimulatedFleet fleet = run(1, true);
        report(fleet);
        assertThat(fleet.balance()).isLessThanOrEqualTo(1.2);
        assertThat(heard).isNotEmpty();
    }

    @Test
    void twoRoutersMakeTheSameHolders() {
        SimulatedFleet fleet = run(2, true);
        report(fleet);
        assertThat(fleet.balance()).isLessThanOrEqualTo(1.2);
        assertThat(heard).extracting(Replicated::routerId).contains(1L, 2L);
    }

    @Test
    void twoRoutersThatKeepTheirBookingsToThemselvesSpreadItAsWell() {
        SimulatedFleet fleet = run(2, false);
        report(fleet);
        assertThat(fleet.balance()).isLessThanOrEqualTo(1.2);
        assertThat(heard).isNotEmpty();
    }

    private void report(SimulatedFleet fleet) {
        System.out.printf(
                "hot prefix: %d routers, balance %.3f, hit ratio %.3f, %d holders, %d events%n",
                fleet.routers.size(),
                fleet.balance(),
                fleet.hitRatio(),
                fleet.holders(prefix().sequenceHash(PREFIX_BLOCKS - 1)),
                heard.size());
    }

    private SimulatedFleet run(int routers, boolean sharesBookings) {
        var fleet = new SimulatedFleet(WORKER_COUNT, routers);
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
            double one = Speeds.PRIOR.prefillSeconds(TAIL_BLOCKS * 64 + 1, PREFIX_BLOCKS * 64);
            double other = Speeds.PRIOR.prefillSeconds(OTHER_BLOCKS * 64 + 1, 0);
            arrive(fleet, 10 / one, true);
            arrive(fleet, (LOAD * WORKER_COUNT - 10) / other, false);
            fleet.run();
        }
        return fleet;
    }

    /// Requests come by chance, so many per second on average.
    private void arrive(SimulatedFleet fleet, double perSecond, boolean isHot) {
        for (double at = gap(perSecond); at < SECONDS; at += gap(perSecond)) {
            TokenBlocks blocks = isHot ? hot() : blocks(random.longs(OTHER_BLOCKS));
            fleet.at(at, () -> fleet.request(random.nextInt(fleet.routers.size()), blocks));
        }
    }

    private double gap(double perSecond) {
        return -Math.log(1 - random.nextDouble()) / perSecond;
    }

    private TokenBlocks hot() {
        return blocks(
                LongStream.concat(LongStream.range(0, PREFIX_BLOCKS), random.longs(TAIL_BLOCKS)));
    }

    private static TokenBlocks prefix() {
        return blocks(LongStream.range(0, PREFIX_BLOCKS));
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
