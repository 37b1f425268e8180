package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.routing.load.Tracking;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is charged and priced otherwise, for one request or for all.
class ConfigOverridesTest {
    private static final TokenIds IDS = TokenIds.of(IntStream.range(0, 40).toArray());
    private static final TokenBlocks PROMPT = new BlockHasher(4, CacheNamespace.SHARED).hash(IDS);
    private static final List<Candidate> WORKERS =
            List.of(
                    new Candidate(new WorkerId(1), 100),
                    new Candidate(new WorkerId(2), 100),
                    new Candidate(new WorkerId(3), 100));
    private static final SplittableRandom SEEDS = new SplittableRandom(5);
    private static final RoutingHints NO_CREDIT =
            overrides(OptionalDouble.of(0), OptionalDouble.empty(), Optional.empty());

    @ParameterizedTest
    @ValueSource(strings = {"time", "blocks", "lmetric"})
    void withoutCreditTheHolderIsOneOfMany(String model) {
        KvRouter router = router(config(model));
        assertThat(worker(router, RoutingHints.NONE)).isEqualTo(new WorkerId(3));
        Set<WorkerId> selected =
                IntStream.range(0, 6)
                        .mapToObj(_ -> worker(router(config(model)), NO_CREDIT))
                        .collect(Collectors.toSet());
        assertThat(selected).isNotEqualTo(Set.of(new WorkerId(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"time", "blocks", "lmetric"})
    void withoutCreditForAnyRequestTheHolderIsOneOfMany(String model) {
        var prices = new BlockPrices(0, 0, 0.75, 0.25, 1, 0);
        RouterConfig config = RouterConfig.DEFAULT.withCostModel(CostModel.parse(model, prices));
        Set<WorkerId> selected =
                IntStream.range(0, 6)
                        .mapToObj(_ -> worker(router(config), RoutingHints.NONE))
                        .collect(Collectors.toSet());
        assertThat(selected).isNotEqualTo(Set.of(new WorkerId(3)));
        var full = overrides(OptionalDouble.of(1), OptionalDouble.empty(), Optional.empty());
        assertThat(worker(router(config), full)).isEqualTo(new WorkerId(3));
    }

    @Test
    void theUsualFlagsChangeNothing() {
        assertThat(CostModel.parse("time", BlockPrices.DEFAULT))
                .isEqualTo(RouterConfig.DEFAULT.costModel());
    }

    @Test
    void aTemperatureForOneRequestSpreadsIt() {
        RoutingHints hot =
                overrides(OptionalDouble.empty(), OptionalDouble.of(50), Optional.empty());
        KvRouter router = router(config("blocks"));
        Set<WorkerId> selected =
                IntStream.range(0, 50)
                        .mapToObj(
                                _ -> {
                                    Routed routed = route(router, hot);
                                    routed.booking().close();
                                    return routed.choice().worker();
                                })
                        .collect(Collectors.toSet());
        assertThat(selected).hasSize(3);
        assertThat(worker(router, RoutingHints.NONE)).isEqualTo(new WorkerId(3));
    }

    @Test
    void untrackedPrefillIsNeitherChargedNorPriced() {
        RoutingHints decodeOnly =
                overrides(OptionalDouble.empty(), OptionalDouble.empty(), Optional.of(false));
        Routed routed = route(router(config("blocks")), decodeOnly);
        assertThat(routed.choice().candidates())
                .allMatch(it -> it.cost().total() == PROMPT.count());

        KvRouter router =
                router(config("blocks").withTracking(new Tracking(true, false, false, true)));
        WorkerLoad load = load(router);
        assertThat(load.prefillTokens()).isZero();
        assertThat(load.activeBlocks()).isPositive();
    }

    @Test
    void blocksAreSharedOnlyIfReuseIsAssumed() {
        assertThat(blocksOfTwo(Tracking.DEFAULT)).isEqualTo(10);
        assertThat(blocksOfTwo(new Tracking(true, false, true, false))).isEqualTo(20);
        assertThat(blocksOfTwo(new Tracking(false, false, true, true))).isZero();
    }

    private static int blocksOfTwo(Tracking tracking) {
        KvRouter router = router(config("blocks").withTracking(tracking));
        RoutingHints pinned = Hints.pin(3, 0);
        route(router, pinned);
        route(router, pinned);
        return load(router, new WorkerId(3)).activeBlocks();
    }

    private static WorkerLoad load(KvRouter router) {
        WorkerId worker = worker(router, RoutingHints.NONE);
        return load(router, worker);
    }

    private static WorkerLoad load(KvRouter router, WorkerId worker) {
        return Objects.requireNonNull(router.active().loads().get(worker));
    }

    private static WorkerId worker(KvRouter router, RoutingHints hints) {
        return route(router, hints).choice().worker();
    }

    private static Routed route(KvRouter router, RoutingHints hints) {
        return (Routed) router.route(new RoutingQuery("r", IDS.size(), PROMPT, WORKERS, hints));
    }

    private static RouterConfig config(String model) {
        return RouterConfig.DEFAULT.withCostModel(CostModel.parse(model, BlockPrices.DEFAULT));
    }

    private static RoutingHints overrides(
            OptionalDouble credit, OptionalDouble temperature, Optional<Boolean> trackPrefill) {
        return Hints.overrides(
                new ConfigOverrides(
                        credit,
                        OptionalDouble.empty(),
                        temperature,
                        OptionalDouble.empty(),
                        Optional.empty(),
                        trackPrefill));
    }

    /// Of which worker 3 holds the whole prompt.
    private static KvRouter router(RouterConfig config) {
        var index = new PackedPrefixIndex();
        List<StoredBlock> blocks =
                IntStream.range(0, PROMPT.count())
                        .mapToObj(
                                i ->
                                        new StoredBlock(
                                                new SequenceHash(PROMPT.sequenceHash(i)),
                                                new BlockHash(PROMPT.blockHash(i))))
                        .toList();
        index.apply(new WorkerId(3), new Stored(Optional.empty(), blocks));
        return new KvRouter(config, index, new SplittableRandom(SEEDS.nextLong()), () -> 0);
    }
}
