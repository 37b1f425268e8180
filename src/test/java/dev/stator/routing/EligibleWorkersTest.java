package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision.Ineligible;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.eligibility.Obstacle;
import dev.stator.routing.eligibility.Obstacle.NoneOfKind;
import dev.stator.routing.eligibility.Obstacle.PinBusy;
import dev.stator.routing.eligibility.Obstacle.PinGone;
import dev.stator.routing.eligibility.Obstacle.PinMissing;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What a request's hints do to the router's choice.
class EligibleWorkersTest {
    private static final BlockHasher HASHER = new BlockHasher(4, CacheNamespace.SHARED);
    private static final TokenIds PROMPT = TokenIds.of(IntStream.range(0, 40).toArray());
    private static final List<Candidate> WORKERS =
            List.of(
                    new Candidate(new WorkerId(1), 100, Set.of("zone=a")),
                    new Candidate(new WorkerId(2, 0), 100, Set.of("zone=b")),
                    new Candidate(new WorkerId(2, 1), 100, Set.of("zone=b", "gpu=h100")));
    private static final RouterConfig BLOCKS =
            RouterConfig.DEFAULT.withCostModel(new CostModel.Blocks(BlockPrices.DEFAULT));
    private static final BusyThresholds BUSY =
            new BusyThresholds(OptionalDouble.empty(), OptionalLong.of(20), OptionalDouble.empty());

    @Test
    void aPinnedRequestGoesWhereItSaysHoweverDearThatIs() {
        KvRouter router = router(BLOCKS);
        for (int i = 0; i < 3; i++) {
            assertThat(worker(router, Hints.pin(2, 1))).isEqualTo(new WorkerId(2, 1));
        }
        assertThat(obstacle(decide(router, Hints.pin(2, 7)))).isInstanceOf(PinGone.class);
    }

    @Test
    void ofTheRanksOfAPinnedProcessTheCheapestIsTaken() {
        KvRouter router = router(BLOCKS);
        WorkerId first = worker(router, Hints.pin(2, -1));
        assertThat(worker(router, Hints.pin(2, -1))).isEqualTo(new WorkerId(2, 1 - first.rank()));
    }

    @Test
    void theModeDirectObeysAndSelectsNothingItself() {
        KvRouter router = router(BLOCKS.withMode(RoutingMode.DIRECT));
        assertThat(worker(router, Hints.pin(2, 0))).isEqualTo(new WorkerId(2, 0));
        assertThat(decide(router, RoutingHints.NONE))
                .isEqualTo(new Ineligible(new PinMissing()))
                .hasToString(
                        "nvext.backend_instance_id must name a worker: the router's mode is"
                                + " direct");
    }

    @Test
    void aBusyPinnedWorkerIsNotTheSameAsAllWorkersBeingBusy() {
        KvRouter router = router(BLOCKS.withBusy(BUSY));
        RoutingHints pinned = Hints.pin(1, 0);
        worker(router, pinned);

        assertThat(decide(router, pinned))
                .isEqualTo(
                        new Ineligible(
                                new PinBusy(
                                        pinned.pin().orElseThrow(), BusyThresholds.RETRY_AFTER)));
        worker(router, RoutingHints.NONE);
        worker(router, RoutingHints.NONE);
        assertThat(decide(router, RoutingHints.NONE))
                .isEqualTo(new Overloaded(BusyThresholds.RETRY_AFTER));
    }

    @Test
    void aRequiredKindExcludesAllOthers() {
        KvRouter router = router(BLOCKS);
        for (int i = 0; i < 3; i++) {
            RoutingHints zoneB = Hints.kinds(Set.of("zone=b"), Map.of());
            assertThat(worker(router, zoneB).value()).isEqualTo(2);
        }
        assertThat(obstacle(decide(router, Hints.kinds(Set.of("zone=a", "gpu=h100"), Map.of()))))
                .isInstanceOf(NoneOfKind.class);
    }

    @Test
    void aPreferredKindChangesThePriceAndTheExplanationSaysSo() {
        RoutingHints preferred = Hints.kinds(Set.of(), Map.of("gpu=h100", 1.0));
        var routed = (Routed) decide(router(BLOCKS), preferred);

        assertThat(routed.choice().worker()).isEqualTo(new WorkerId(2, 1));
        Priced best = routed.choice().candidates().getFirst();
        double factor = Math.exp(-Math.tanh(1));
        assertThat(best.cost().total()).isEqualTo(20 * factor);
        assertThat(best.cost().term("taints")).isEqualTo(20 * (factor - 1));
        assertThat(routed.choice().candidates().get(1).cost().total()).isEqualTo(20);
    }

    private static Obstacle obstacle(RoutingDecision decision) {
        return ((Ineligible) decision).obstacle();
    }

    private static WorkerId worker(KvRouter router, RoutingHints hints) {
        return ((Routed) decide(router, hints)).choice().worker();
    }

    private static RoutingDecision decide(KvRouter router, RoutingHints hints) {
        return router.route(
                new RoutingQuery("test", PROMPT.size(), HASHER.hash(PROMPT), WORKERS, hints));
    }

    private static KvRouter router(RouterConfig config) {
        return new KvRouter(config, new PackedPrefixIndex(), new SplittableRandom(1), () -> 0);
    }
}
