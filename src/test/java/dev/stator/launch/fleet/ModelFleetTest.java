package dev.stator.launch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.FailureKind;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;
import dev.stator.engine.wire.ActiveLoad;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.launch.planes.Planes;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.policy.BusyRule;
import dev.stator.routing.admission.policy.PolicyClass;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.PolicyProfile.Bucket;
import dev.stator.routing.admission.policy.PolicyProfile.Cell;
import dev.stator.routing.admission.policy.PolicyProfile.Member;
import dev.stator.routing.admission.policy.QueueLimits;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.live.FeedStats;
import dev.stator.routing.live.RoutedEngine;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.testing.Eventually;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

class ModelFleetTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final WorkerId WORKER = new WorkerId(42);

    private final Planes planes = Planes.inProcess();

    @AfterEach
    void closePlanes() {
        planes.close();
    }

    @Test
    void fleetsOfTwoProcessesShareWhatTheyBook() {
        try (Worker _ = worker();
                ModelFleet one = fleet(1, true);
                ModelFleet two = fleet(2, true)) {
            run(one);
            Eventually.await().until(() -> !two.loads().isEmpty());

            assertThat(two.loads()).containsOnlyKeys(WORKER);
            assertThat(booked(two)).isEqualTo(booked(one));
            assertThat(two.syncStats().orElseThrow().foreign().held()).isOne();
        }
    }

    @Test
    void fleetsKeepTheirBookingsToThemselvesUnlessToldOtherwise() {
        try (Worker _ = worker();
                ModelFleet silent = fleet(1, false);
                ModelFleet open = fleet(2, true)) {
            run(silent);
            run(open);
            Eventually.await().until(() -> open.syncStats().orElseThrow().published() > 0);

            assertThat(silent.syncStats()).isEmpty();
            assertThat(booked(silent)).isEqualTo(booked(open));
            assertThat(open.syncStats().orElseThrow().foreign().held()).isZero();
        }
    }

    @Test
    void aWorkerWhoseCacheCannotBeSeenIsComplainedOf() {
        try (Worker _ = worker();
                ModelFleet fleet = fleet(1, false)) {
            assertThat(fleet.complaints())
                    .singleElement()
                    .asString()
                    .contains("worker 42", "--kv-events-config");
        }
    }

    @Test
    void aRouterThatDoesNotLookAtCachesAsksNobody() {
        try (Worker _ = worker();
                ModelFleet keyed = fleet(1, RouterConfig.DEFAULT, false);
                ModelFleet turns =
                        fleet(2, RouterConfig.DEFAULT.withMode(RoutingMode.ROUND_ROBIN), false)) {
            assertThat(keyed.feedStats().workers()).isOne();
            assertThat(keyed.feedStats().dumps()).isOne();
            turns.audit();
            assertThat(turns.workers()).hasSize(1);
            assertThat(turns.feedStats()).isEqualTo(FeedStats.NOTHING);
            assertThat(turns.complaints()).isEmpty();
        }
    }

    @Test
    void aWorkerThatSaysItIsFullGetsNothingWhoeverFilledIt() throws InterruptedException {
        var busy =
                new BusyThresholds(
                        OptionalDouble.of(0.9), OptionalLong.empty(), OptionalDouble.empty());
        RouterConfig turns = RouterConfig.DEFAULT.withMode(RoutingMode.ROUND_ROBIN);
        try (Worker _ = worker();
                ModelFleet fleet = fleet(1, turns.withBusy(busy), false)) {
            planes.events().publish(PROTOCOL.loads(), ActiveLoad.used(WORKER, 950));
            Eventually.await().until(() -> fleet.reportedBlocks().containsKey(WORKER));
            var sink = new RecordingSink();
            fleet.engine().generate(request(), sink);

            assertThat(fleet.loads()).isEmpty();
            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.OVERLOADED);
        }
    }

    @Test
    void aModelMayHaveItsOwnClassesOfRequests() {
        var own = new PolicyClass("own", QueuePolicy.FCFS, 1, BusyRule.NEVER, QueueLimits.NONE);
        PolicyProfile profile =
                PolicyProfile.of(
                        "f",
                        List.of(new Bucket("all", 0)),
                        List.of(new Member(own, Optional.of(new Cell("f", "all")))));
        try (ModelFleet usual = fleet(1, settings(Map.of("another", profile)));
                ModelFleet special = fleet(2, settings(Map.of("manual", profile)))) {
            assertThat(usual.engine().waitingByClass()).containsOnlyKeys("default");
            assertThat(special.engine().waitingByClass()).containsOnlyKeys("own");
        }
    }

    private static Fleets.Settings settings(Map<String, PolicyProfile> profiles) {
        return new Fleets.Settings(
                RouterConfig.DEFAULT, AdmissionConfig.OFF, profiles, CacheKnowledge.DEFAULT, false);
    }

    /// The load without what time does to it.
    private static WorkerLoad booked(ModelFleet fleet) {
        WorkerLoad load = Objects.requireNonNull(fleet.loads().get(WORKER));
        return new WorkerLoad(
                load.prefillTokens(),
                load.activeBlocks(),
                load.decodeBlocks(),
                load.activeRequests());
    }

    private static GenerationRequest request() {
        return new GenerationRequest(
                "r1",
                TokenIds.of(IntStream.range(0, 40).toArray()),
                SamplingParams.GREEDY,
                new StopConditions(4, 0, Set.of()),
                OptionalInt.empty(),
                CacheNamespace.SHARED);
    }

    private static void run(ModelFleet fleet) {
        fleet.engine().generate(request(), new RecordingSink());
        assertThat(Objects.requireNonNull(fleet.loads().get(WORKER)).activeRequests()).isOne();
    }

    private Worker worker() {
        var publisher = KvEventPublisher.silent(new KvEventSource(WORKER, 7), PROTOCOL.kvEvents());
        return Worker.open(
                PROTOCOL,
                new ManualEngine("worker", publisher),
                List.of(publisher),
                new Worker.Planes(planes.discovery(), planes.requests()),
                Duration.ZERO);
    }

    private ModelFleet fleet(long instanceId, boolean sharesBookings) {
        return fleet(instanceId, RouterConfig.DEFAULT, sharesBookings);
    }

    private ModelFleet fleet(long instanceId, RouterConfig config, boolean sharesBookings) {
        return fleet(
                instanceId,
                new Fleets.Settings(
                        config, AdmissionConfig.OFF, CacheKnowledge.DEFAULT, sharesBookings));
    }

    private ModelFleet fleet(long instanceId, Fleets.Settings settings) {
        var process =
                new Planes(
                        planes.discovery(),
                        planes.events(),
                        planes.requests(),
                        instanceId,
                        _ -> {},
                        List.of());
        return new ModelFleet(
                process,
                PROTOCOL,
                new ManualEngine("none", _ -> {}).info(),
                settings,
                new RoutedEngine.Surroundings(
                        planes.requests(),
                        new RoutedEngine.Clocks(InstantSource.system(), System::nanoTime),
                        Observers.none().journal("test")));
    }
}
