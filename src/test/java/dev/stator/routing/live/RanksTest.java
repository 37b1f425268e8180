package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.stator.engine.FailureKind;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.wire.ActiveLoad;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.CostModel;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/// A process whose engine has two ranks, from the router to the ranks' caches and back.
class RanksTest {
    private static final TokenIds ONE = Fleet.prompt(1, 32);
    private static final TokenIds OTHER = Fleet.prompt(100, 32);
    private static final WorkerId FIRST = new WorkerId(5, 0);
    private static final WorkerId SECOND = new WorkerId(5, 1);

    /// Prices that learn nothing: what is measured here is who is asked.
    private static final RouterConfig BLOCKS =
            RouterConfig.DEFAULT.withCostModel(new CostModel.Blocks(BlockPrices.DEFAULT));

    private final Fleet fleet = new Fleet(0, BLOCKS);

    @BeforeEach
    void open() {
        fleet.addRanks(5, 2);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aPromptGoesBackToTheRankThatHoldsIt() {
        fleet.send("one", ONE);
        ManualEngine holder = fleet.busy();
        fleet.send("other", OTHER);
        finishAll();

        fleet.send("again", ONE);
        assertThat(fleet.busy()).isSameAs(holder);
    }

    @Test
    void theLoadOfEachRankIsItsOwn() {
        fleet.send("one", ONE);
        fleet.send("other", OTHER);

        assertThat(fleet.engines).allMatch(it -> it.running().size() == 1);
        assertThat(fleet.router.active().loads()).containsOnlyKeys(FIRST, SECOND);
    }

    @Test
    void theBlocksOfARankGoAndThoseOfTheOtherStay() {
        fillBoth();
        fleet.engines.get(0).clear();
        assertThat(fleet.index.blocks(FIRST)).isEmpty();
        assertThat(fleet.index.blocks(SECOND)).hasSize(8);

        fleet.feed.forget(SECOND);
        assertThat(fleet.index.blocks(SECOND)).isEmpty();
    }

    @Test
    void eachRankAnswersForItsOwnCache() {
        fillBoth();
        var late = new PackedPrefixIndex();
        try (IndexFeed feed = IndexFeed.open(Fleet.PROTOCOL, late, fleet.events, fleet.requests);
                WorkerDirectory _ =
                        WorkerDirectory.open(
                                fleet.discovery, Fleet.PROTOCOL, fleet.directory.served(), feed)) {
            assertThat(late.blocks(FIRST)).isEqualTo(fleet.engines.get(0).cached()).hasSize(8);
            assertThat(late.blocks(SECOND)).isEqualTo(fleet.engines.get(1).cached()).hasSize(8);
        }
    }

    @Test
    void whatRanksReportIsKnownWhileTheyAreThere() {
        try (ReportedLoads loads =
                ReportedLoads.open(Fleet.PROTOCOL, fleet.events, fleet.nanos::get)) {
            for (WorkerId worker : List.of(SECOND, new WorkerId(99))) {
                fleet.events.publish(Fleet.PROTOCOL.loads(), ActiveLoad.used(worker, 12));
            }
            assertThat(loads.usedBlocks(fleet.directory)).containsOnly(entry(SECOND, 12L));

            fleet.workers.getFirst().close();
            assertThat(loads.usedBlocks(fleet.directory)).isEmpty();
        }
    }

    @Test
    void aProcessThatFailsIsNotTriedAgainUnderAnotherRank() {
        fleet.send("one", ONE);
        fleet.addWorker(6);
        fleet.busy().running().getFirst().fail(FailureKind.UNAVAILABLE);

        assertThat(fleet.busy()).isSameAs(fleet.engines.get(2));
    }

    /// One prompt of eight blocks on each rank.
    private void fillBoth() {
        fleet.send("one", ONE);
        fleet.send("other", OTHER);
        finishAll();
    }

    private void finishAll() {
        fleet.engines.forEach(
                engine -> engine.running().forEach(it -> it.begin().produce(1).finish()));
    }
}
