package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.PrefixIndex;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.RoutingChoice.Compared;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingDecision.NoWorker;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.load.Speeds;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class KvRouterTest {
    private static final BlockHasher HASHER = new BlockHasher(4, CacheNamespace.SHARED);
    private static final TokenIds PROMPT = TokenIds.of(IntStream.range(0, 40).toArray());

    private static final RouterConfig BLOCKS =
            RouterConfig.DEFAULT.withCostModel(new CostModel.Blocks(BlockPrices.DEFAULT));

    private long nanos;
    private final PrefixIndex index = new PackedPrefixIndex();

    @Test
    void theWorkerWithTheLongestPrefixIsSelectedAndBooked() {
        hold(2, 3);
        hold(3, 7);
        KvRouter router = router(BLOCKS);
        Routed routed = (Routed) router.route(query(4));

        assertThat(routed.choice().worker()).isEqualTo(new WorkerId(3));
        assertThat(routed.choice().overlapBlocks()).isEqualTo(7);
        assertThat(routed.choice().promptBlocks()).isEqualTo(10);
        assertThat(routed.booking().worker()).isEqualTo(new WorkerId(3));
        assertThat(router.active().loads().get(new WorkerId(3)))
                .extracting(WorkerLoad::prefillTokens, WorkerLoad::activeBlocks)
                .containsExactly(12L, 10);
        routed.booking().close();
        assertThat(router.active().loads()).isEmpty();
    }

    @Test
    void queuedPrefillOutweighsAShorterOverlap() {
        hold(1, 2);
        KvRouter router = router(BLOCKS);
        var first = (Routed) router.route(query(2));
        var second = (Routed) router.route(query(2));

        assertThat(first.choice().worker()).isEqualTo(new WorkerId(1));
        assertThat(second.choice().worker()).isEqualTo(new WorkerId(2));
    }

    @Test
    void requestsThatComeAtOnceAreSpread() {
        KvRouter router = router(BLOCKS);
        Map<WorkerId, Integer> routed = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            var prompt = TokenIds.of(IntStream.range(100 * i, 100 * i + 40).toArray());
            var decision = (Routed) router.route(query(4, prompt));
            routed.merge(decision.choice().worker(), 1, Integer::sum);
        }

        assertThat(routed.values()).containsExactly(2, 2, 2, 2);
    }

    @Test
    void theDecisionExplainsEveryCandidateCheapestFirst() {
        hold(2, 10);
        var routed = (Routed) router(BLOCKS).route(query(3));

        assertThat(routed.choice().compared()).isEqualTo(new Compared(3, 0, 0));
        assertThat(routed.choice().candidates())
                .extracting(it -> it.cost().total())
                .containsExactly(10.0, 20.0, 20.0);
        assertThat(routed).asString().isEqualTo(routed.choice().toString());
        assertThat(routed)
                .hasToString("2 by kv, overlap 10/10, cheapest of 3: [2 10.00, 1 20.00, 3 20.00]");
    }

    @Test
    void ofManyCandidatesTheDecisionKeepsTheCheapestAndTheChosenOne() {
        hold(40, 10);
        KvRouter router = router(BLOCKS.withMode(RoutingMode.ROUND_ROBIN));
        var choice = ((Routed) router.route(query(40))).choice();

        assertThat(choice.worker()).isEqualTo(new WorkerId(1));
        assertThat(choice.compared().count()).isEqualTo(40);
        assertThat(choice.candidates()).hasSizeBetween(8, 9);
        assertThat(choice.candidates().getFirst().worker()).isEqualTo(new WorkerId(40));
        assertThat(choice.candidates()).anyMatch(it -> it.worker().equals(new WorkerId(1)));
    }

    @Test
    void theBestHolderIsKeptHoweverDearItIs() {
        hold(40, 3);
        KvRouter router = router(BLOCKS);
        for (int i = 0; i < 3; i++) {
            var only = List.of(new Candidate(new WorkerId(40), 100));
            router.route(new RoutingQuery("busy", 40, HASHER.hash(other(i)), only));
        }
        var choice = ((Routed) router.route(query(40))).choice();

        assertThat(choice.overlapBlocks()).isZero();
        assertThat(choice.candidates()).hasSizeBetween(9, 10);
        assertThat(choice.candidates().getLast().worker()).isEqualTo(new WorkerId(40));
        assertThat(choice.candidates().getLast().overlapBlocks()).isEqualTo(3);
    }

    @Test
    void everyCandidateHasAnEstimateOfItsTimeWhateverTheMode() {
        hold(2, 10);
        KvRouter router = router(BLOCKS.withMode(RoutingMode.RANDOM));
        var choice = ((Routed) router.route(query(2))).choice();

        Priced holder = choice.candidates().getFirst();
        Priced other = choice.candidates().getLast();
        assertThat(holder.worker()).isEqualTo(new WorkerId(2));
        assertThat(other.estimate().seconds())
                .isEqualTo(Speeds.PRIOR.prefillSeconds(40, 0))
                .isGreaterThan(holder.estimate().seconds());
    }

    @Test
    void withoutCandidatesThereIsNoWorker() {
        assertThat(router(BLOCKS).route(query(0))).isEqualTo(new NoWorker());
    }

    @Test
    void busyWorkersArePassedOverUntilAllAreBusy() {
        var busy =
                new BusyThresholds(
                        OptionalDouble.empty(), OptionalLong.of(39), OptionalDouble.empty());
        KvRouter router = router(busy(busy));
        var first = (Routed) router.route(query(2));
        var second = (Routed) router.route(query(2));

        assertThat(first.choice().worker()).isNotEqualTo(second.choice().worker());
        assertThat(router.route(query(2))).isEqualTo(new Overloaded(BusyThresholds.RETRY_AFTER));
        first.booking().prefillCompleted();
        assertThat(router.route(query(2)))
                .asInstanceOf(type(Routed.class))
                .extracting(it -> it.choice().worker())
                .isEqualTo(first.choice().worker());
    }

    @Test
    void aWorkerWithoutRoomForDecodingIsBusy() {
        var busy =
                new BusyThresholds(
                        OptionalDouble.of(0.05), OptionalLong.empty(), OptionalDouble.empty());
        KvRouter router = router(busy(busy));
        router.route(query(1));

        assertThat(router.route(query(1))).isInstanceOf(Overloaded.class);
    }

    private static RouterConfig busy(BusyThresholds busy) {
        return BLOCKS.withBusy(busy);
    }

    private KvRouter router(RouterConfig config) {
        return new KvRouter(config, index, new SplittableRandom(1), () -> nanos);
    }

    private static TokenIds other(int i) {
        return TokenIds.of(IntStream.range(100 * (i + 1), 100 * (i + 1) + 40).toArray());
    }

    private static RoutingQuery query(int workers) {
        return query(workers, PROMPT);
    }

    private static RoutingQuery query(int workers, TokenIds prompt) {
        return query(workers, prompt, 100);
    }

    private static RoutingQuery query(int workers, TokenIds prompt, int totalBlocks) {
        return new RoutingQuery(
                "test",
                prompt.size(),
                HASHER.hash(prompt),
                IntStream.rangeClosed(1, workers)
                        .mapToObj(it -> new Candidate(new WorkerId(it), totalBlocks))
                        .toList());
    }

    private void hold(long worker, int count) {
        hold(worker, count, StorageTier.DEVICE);
    }

    private void hold(long worker, int count, StorageTier tier) {
        TokenBlocks prompt = HASHER.hash(PROMPT);
        List<StoredBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(
                    new StoredBlock(
                            new SequenceHash(prompt.sequenceHash(i)),
                            new BlockHash(prompt.blockHash(i))));
        }
        index.apply(new WorkerId(worker), new Stored(Optional.empty(), blocks, tier));
    }

    @Test
    void aPromptFollowsOneThatItContinuesBeforeAnyCacheHoldsIt() {
        KvRouter router = router(RouterConfig.DEFAULT);
        var prompt = TokenIds.of(IntStream.range(0, 4_000).toArray());
        var first = (Routed) router.route(query(8, prompt, 5_000));
        nanos = 100_000_000; // half of its prefill later
        var longer = TokenIds.of(IntStream.range(0, 4_400).toArray());
        var second = (Routed) router.route(query(8, longer, 5_000));

        assertThat(second.choice().worker()).isEqualTo(first.choice().worker());
        assertThat(second.choice().overlapBlocks()).isEqualTo(1_000);
    }

    @Test
    void dynamosCostModelCountsOnlyWhatTheIndexKnows() {
        KvRouter router = router(BLOCKS);
        router.route(query(8));
        var second = (Routed) router.route(query(8));

        assertThat(second.choice().overlapBlocks()).isZero();
    }

    @Test
    void idleWorkersForgetEquallyFast() {
        KvRouter router = router(RouterConfig.DEFAULT);
        hold(1, 1);
        Map<WorkerId, Integer> routed = new HashMap<>();
        for (int i = 0; i < 80; i++) {
            int first = 1_000 * i;
            int[] ids = IntStream.range(0, 80).map(t -> t < 4 ? t : first + t).toArray();
            var decision = (Routed) router.route(query(4, TokenIds.of(ids)));
            nanos += 9_000_000;
            decision.booking().prefillCompleted();
            decision.booking().close();
            routed.merge(decision.choice().worker(), 1, Integer::sum);
        }

        assertThat(routed.values()).hasSize(4).allMatch(it -> it >= 18 && it <= 26);
    }

    @Test
    void blocksInHostMemoryAreWorthLessThanThoseOnTheDeviceAndMoreThanNone() {
        hold(2, 6, StorageTier.HOST);
        var choice = ((Routed) router(BLOCKS).route(query(2))).choice();

        assertThat(choice.worker()).isEqualTo(new WorkerId(2));
        assertThat(choice.candidates().getFirst().cost().term("credit")).isEqualTo(6 * 0.75);
        hold(1, 6);
        assertThat(((Routed) router(BLOCKS).route(query(2))).choice().worker())
                .isEqualTo(new WorkerId(1));
    }
}
