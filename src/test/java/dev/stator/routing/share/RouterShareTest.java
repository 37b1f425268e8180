package dev.stator.routing.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.Hints;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.affinity.AffinityConfig;
import dev.stator.routing.affinity.AffinityConfig.Mode;
import dev.stator.routing.affinity.Bond;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class RouterShareTest {
    private static final EndpointId WORKERS = new EndpointId("test", "backend", "generate");
    private static final TokenBlocks PREFIX = TokenBlocks.of(16, 3, 4);
    private static final Rebalance MOVE =
            new Rebalance(PREFIX, new WorkerId(1), new WorkerId(2), 1.5);

    private final MemoryEventPlane plane = new MemoryEventPlane(1_000, Runnable::run);
    private long nanos;

    private final class Replica {
        private final AnnouncedHolders holders =
                new AnnouncedHolders(new PackedPrefixIndex(), () -> nanos);
        private final KvRouter router;
        private final RouterShare share;

        Replica(long self) {
            var affinity = new AffinityConfig(Duration.ofSeconds(60), Mode.HARD);
            this.router =
                    new KvRouter(
                            RouterConfig.DEFAULT
                                    .withMode(RoutingMode.RANDOM)
                                    .withAffinity(affinity),
                            holders,
                            new SplittableRandom(self),
                            () -> nanos);
            this.share =
                    RouterShare.open(
                            router,
                            holders,
                            true,
                            new RouterShare.Surroundings(
                                    self, WORKERS, plane, Runnable::run, () -> Instant.EPOCH));
        }

        WorkerId route(String session) {
            List<Candidate> workers =
                    IntStream.rangeClosed(1, 9)
                            .mapToObj(it -> new Candidate(new WorkerId(it), 100))
                            .toList();
            var query = new RoutingQuery("r", 33, PREFIX, workers, Hints.session(session));
            return ((Routed) router.route(query)).choice().worker();
        }
    }

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void whatOneRouterReplicatesTheOthersExpectThere() {
        var one = new Replica(1);
        var other = new Replica(2);
        one.router.rebalancer().tell(MOVE, 0);

        assertThat(other.holders.match(PREFIX).blocks(new WorkerId(2))).isEqualTo(2);
        assertThat(one.holders.match(PREFIX).workers()).isZero();
        nanos += AnnouncedHolders.TTL.toNanos() + 1;
        assertThat(other.holders.match(PREFIX).workers()).isZero();
    }

    @Test
    void aHolderThatIsGoneIsNotExpectedAnyMore() {
        var one = new Replica(1);
        var other = new Replica(2);
        one.router.rebalancer().tell(MOVE, 0);
        other.holders.remove(new WorkerId(2));
        assertThat(other.holders.match(PREFIX).workers()).isZero();
    }

    @Test
    void aSessionBelongsToTheSameWorkerWhicheverRouterItComesTo() {
        var one = new Replica(1);
        var other = new Replica(2);
        for (int i = 0; i < 10; i++) {
            WorkerId home = one.route("s" + i);
            assertThat(other.route("s" + i)).isEqualTo(home);
            assertThat(one.router.sessions().orElseThrow().find("s" + i))
                    .contains(new Bond(home, 33));
        }
    }

    @Test
    void aClosedShareTellsAndHearsNothing() {
        var one = new Replica(1);
        var other = new Replica(2);
        one.share.close();
        one.router.rebalancer().tell(MOVE, 0);
        one.route("s");
        assertThat(other.holders.match(PREFIX).workers()).isZero();
        assertThat(other.router.sessions().orElseThrow().size()).isZero();
    }
}
