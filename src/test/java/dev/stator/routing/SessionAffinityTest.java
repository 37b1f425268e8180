package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.routing.RoutingDecision.Routed;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.affinity.AffinityConfig;
import dev.stator.routing.affinity.AffinityConfig.Mode;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.hints.RoutingHints;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class SessionAffinityTest {
    private static final BlockHasher HASHER = new BlockHasher(16, CacheNamespace.SHARED);
    private static final RoutingHints SESSION = Hints.session("chat");

    private long nanos;

    @ParameterizedTest
    @EnumSource(
            value = RoutingMode.class,
            names = {"DIRECT"},
            mode = EnumSource.Mode.EXCLUDE)
    void aHardSessionStaysWithItsWorker(RoutingMode mode) {
        KvRouter router = router(RouterConfig.DEFAULT.withMode(mode), Mode.HARD);
        WorkerId home = worker(router, SESSION, workers(true, 4));
        for (int i = 0; i < 10; i++) {
            assertThat(worker(router, SESSION, workers(true, 4))).isEqualTo(home);
        }
    }

    @Test
    void aHardSessionFollowsAnotherWorkerWhenItsOwnIsGone() {
        KvRouter router = router(RouterConfig.DEFAULT, Mode.HARD);
        WorkerId home = worker(router, SESSION, workers(true, 4));
        List<Candidate> others =
                workers(true, 4).stream().filter(it -> !it.worker().equals(home)).toList();
        WorkerId next = worker(router, SESSION, others);
        assertThat(next).isNotEqualTo(home);
        assertThat(worker(router, SESSION, workers(true, 4))).isEqualTo(next);
    }

    @Test
    void aHardSessionGivesWayWhenItsWorkerIsBusy() {
        var busy =
                new BusyThresholds(
                        OptionalDouble.empty(), OptionalLong.of(1), OptionalDouble.empty());
        KvRouter router = router(RouterConfig.DEFAULT.withBusy(busy), Mode.HARD);
        WorkerId home = worker(router, SESSION, workers(true, 2));
        assertThat(worker(router, SESSION, workers(true, 2))).isNotEqualTo(home);
    }

    @Test
    void aSessionIsForgottenInTheEnd() {
        KvRouter router = router(RouterConfig.DEFAULT.withMode(RoutingMode.ROUND_ROBIN), Mode.HARD);
        WorkerId home = worker(router, SESSION, workers(true, 2));
        nanos += Duration.ofSeconds(61).toNanos();
        assertThat(worker(router, SESSION, workers(true, 2))).isNotEqualTo(home);
    }

    @Test
    void aPinIsStrongerThanASession() {
        KvRouter router = router(RouterConfig.DEFAULT, Mode.HARD);
        WorkerId home = worker(router, SESSION, workers(true, 2));
        WorkerId other = new WorkerId(3 - home.value());
        assertThat(worker(router, Hints.pin(other.value(), 0), workers(true, 2))).isEqualTo(other);
    }

    @Test
    void aSoftSessionCountsOnWhatNoIndexSees() {
        KvRouter router = router(RouterConfig.DEFAULT, Mode.SOFT);
        Routed first = route(router, SESSION, workers(false, 4));
        first.booking().close();
        for (int i = 0; i < 10; i++) {
            Routed next = route(router, SESSION, workers(false, 4));
            assertThat(next.choice().worker()).isEqualTo(first.choice().worker());
            assertThat(next.choice().overlapBlocks()).isEqualTo(100);
            next.booking().close();
        }
    }

    @Test
    void aSoftSessionLeavesAWorkerWhoseWaitIsLongerThanComputingAnew() {
        KvRouter router = router(RouterConfig.DEFAULT, Mode.SOFT);
        Routed first = route(router, SESSION, workers(false, 2));
        WorkerId home = first.choice().worker();
        first.booking().close();
        for (int i = 0; i < 6; i++) {
            var prompt = TokenIds.of(IntStream.range(9_000, 29_000).toArray());
            router.route(
                    new RoutingQuery(
                            "load",
                            prompt.size(),
                            HASHER.hash(prompt),
                            workers(false, 2),
                            Hints.pin(home.value(), 0)));
        }
        assertThat(worker(router, SESSION, workers(false, 2))).isNotEqualTo(home);
    }

    @Test
    void ofAWorkerThatTellsWhatItHoldsTheIndexIsBelieved() {
        KvRouter router = router(RouterConfig.DEFAULT, Mode.SOFT);
        Set<WorkerId> used = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            Routed next = route(router, SESSION, workers(true, 4));
            assertThat(next.choice().overlapBlocks()).isZero();
            used.add(next.choice().worker());
            next.booking().close();
        }
        assertThat(used).hasSizeGreaterThan(1);
    }

    private WorkerId worker(KvRouter router, RoutingHints hints, List<Candidate> workers) {
        return route(router, hints, workers).choice().worker();
    }

    private Routed route(KvRouter router, RoutingHints hints, List<Candidate> workers) {
        var prompt = TokenIds.of(IntStream.range(0, 1_600).toArray());
        return (Routed)
                router.route(
                        new RoutingQuery("r", prompt.size(), HASHER.hash(prompt), workers, hints));
    }

    private static List<Candidate> workers(boolean areSeen, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(it -> new Candidate(new WorkerId(it), 10_000, Set.of(), areSeen))
                .toList();
    }

    private KvRouter router(RouterConfig config, Mode mode) {
        var affinity = new AffinityConfig(Duration.ofSeconds(60), mode);
        return new KvRouter(
                config.withAffinity(affinity),
                new PackedPrefixIndex(),
                new SplittableRandom(1),
                () -> nanos);
    }
}
