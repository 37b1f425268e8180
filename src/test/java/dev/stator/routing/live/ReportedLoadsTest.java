package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.stator.engine.wire.ActiveLoad;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.KvRouter;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingDecision;
import dev.stator.routing.RoutingDecision.Overloaded;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.runtime.events.memory.MemoryEventPlane;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

class ReportedLoadsTest {
    private static final WorkerId ONE = new WorkerId(1, 0);
    private static final WorkerId OTHER_RANK = new WorkerId(1, 1);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // a clock may wrap
    private final MemoryEventPlane events = new MemoryEventPlane(100, Runnable::run);
    private final ReportedLoads loads = ReportedLoads.open(Fleet.PROTOCOL, events, nanos::get);

    @AfterEach
    void close() {
        loads.close();
        events.close();
    }

    @Test
    void theLastWordOfARankCounts() {
        report(ONE, 70);
        report(ONE, 30);

        assertThat(loads.usedBlocks(ONE)).isEqualTo(30);
        assertThat(loads.usedBlocks(OTHER_RANK)).isZero();
    }

    @Test
    void aWordThatIsOldDoesNotCount() {
        report(ONE, 70);
        pass(ReportedLoads.REPORT_AGE_MAX);
        assertThat(loads.usedBlocks(ONE)).isEqualTo(70);
        pass(Duration.ofNanos(1));
        assertThat(loads.usedBlocks(ONE)).isZero();
        report(ONE, 71);
        assertThat(loads.usedBlocks(ONE)).isEqualTo(71);
    }

    @Test
    void whatARouterBookedIsNoWordOfTheWorker() {
        var booked =
                new ActiveLoad(ONE, OptionalLong.of(90), OptionalLong.of(5), OptionalLong.empty());
        events.publish(Fleet.PROTOCOL.loads(), booked);

        assertThat(loads.usedBlocks(ONE)).isZero();
    }

    @Test
    void aWorkerThatOthersFilledIsPassedOverUntilItSaysOtherwiseOrFallsSilent() {
        var busy =
                new BusyThresholds(
                        OptionalDouble.of(0.8), OptionalLong.empty(), OptionalDouble.empty());
        var router =
                new KvRouter(
                        RouterConfig.DEFAULT.withBusy(busy),
                        new PackedPrefixIndex(),
                        new SplittableRandom(1),
                        nanos::get,
                        loads);
        report(ONE, 81);
        assertThat(chosen(decide(router))).isEqualTo(OTHER_RANK);
        report(OTHER_RANK, 81);
        assertThat(decide(router)).isEqualTo(new Overloaded(BusyThresholds.RETRY_AFTER));
        report(ONE, 80);
        assertThat(chosen(decide(router))).isEqualTo(ONE);
        report(ONE, 100);
        pass(ReportedLoads.REPORT_AGE_MAX.plusNanos(1));
        assertThat(decide(router)).isInstanceOf(Routed.class);
    }

    private static RoutingDecision decide(KvRouter router) {
        TokenIds prompt = TokenIds.of(1, 2, 3, 4);
        RoutingDecision decision =
                router.route(
                        new RoutingQuery(
                                "r",
                                prompt.size(),
                                new BlockHasher(4, CacheNamespace.SHARED).hash(prompt),
                                List.of(new Candidate(ONE, 100), new Candidate(OTHER_RANK, 100))));
        if (decision instanceof Routed(_, var booking)) {
            booking.close();
        }
        return decision;
    }

    private static WorkerId chosen(RoutingDecision decision) {
        return assertThat(decision).asInstanceOf(type(Routed.class)).actual().choice().worker();
    }

    private void report(WorkerId worker, long blocks) {
        events.publish(Fleet.PROTOCOL.loads(), ActiveLoad.used(worker, blocks));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
