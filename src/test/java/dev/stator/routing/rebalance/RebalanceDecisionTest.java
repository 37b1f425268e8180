package dev.stator.routing.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.Hints;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

class RebalanceDecisionTest {
    private static final int BLOCK_SIZE = 64;
    private static final TokenBlocks PREFIX =
            TokenBlocks.of(BLOCK_SIZE, LongStream.range(0, 100).toArray());
    private static final List<Candidate> WORKERS =
            IntStream.rangeClosed(1, 4)
                    .mapToObj(it -> new Candidate(new WorkerId(it), 1_000_000))
                    .toList();

    private final List<Rebalance> told = new ArrayList<>();
    private final KvRouter router = router();

    @Test
    void aHotPrefixGetsAnotherHolderWhenItsOwnHasTooMuchToDo() {
        for (int i = 0; i < 4; i++) {
            RoutingChoice choice = route(PREFIX, RoutingHints.NONE, WORKERS);
            assertThat(choice.worker()).isEqualTo(new WorkerId(1));
            assertThat(choice.rebalance()).isEmpty();
        }
        burden(new WorkerId(1));
        RoutingChoice choice = route(PREFIX, RoutingHints.NONE, WORKERS);

        Rebalance rebalance = choice.rebalance().orElseThrow();
        assertThat(choice.worker()).isNotEqualTo(new WorkerId(1)).isEqualTo(rebalance.to());
        assertThat(rebalance.from()).isEqualTo(new WorkerId(1));
        assertThat(rebalance.prefix()).isEqualTo(PREFIX);
        assertThat(rebalance.waitSeconds()).isGreaterThan(1);
        assertThat(choice.toString())
                .contains("; 100 blocks of 1 replicated to " + choice.worker());
        assertThat(told).containsExactly(rebalance);
    }

    @Test
    void aPrefixThatNobodyElseAsksForIsNotReplicated() {
        burden(new WorkerId(1));
        RoutingChoice choice = route(PREFIX, RoutingHints.NONE, WORKERS);
        assertThat(choice.worker()).isNotEqualTo(new WorkerId(1));
        assertThat(choice.rebalance()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void aSingleWorkerHasNothingToTell() {
        burden(new WorkerId(1));
        for (int i = 0; i < 10; i++) {
            route(PREFIX, RoutingHints.NONE, WORKERS.subList(0, 1));
        }
        assertThat(told).isEmpty();
    }

    private void burden(WorkerId worker) {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 8; i++) {
            TokenBlocks other = TokenBlocks.of(BLOCK_SIZE, random.longs(300).toArray());
            route(other, Hints.pin(worker.value(), 0), WORKERS);
        }
    }

    private RoutingChoice route(TokenBlocks blocks, RoutingHints hints, List<Candidate> workers) {
        var query = new RoutingQuery("r", blocks.count() * BLOCK_SIZE + 1, blocks, workers, hints);
        return ((Routed) router.route(query)).choice();
    }

    /// Of which worker 1 holds the prefix.
    private KvRouter router() {
        var index = new PackedPrefixIndex();
        List<StoredBlock> blocks =
                IntStream.range(0, PREFIX.count())
                        .mapToObj(
                                i ->
                                        new StoredBlock(
                                                new SequenceHash(PREFIX.sequenceHash(i)),
                                                new BlockHash(PREFIX.blockHash(i))))
                        .toList();
        index.apply(new WorkerId(1), new Stored(Optional.empty(), blocks));
        var made = new KvRouter(RouterConfig.DEFAULT, index, new SplittableRandom(1), () -> 0);
        made.rebalancer().listen(told::add);
        return made;
    }
}
