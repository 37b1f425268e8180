package dev.stator.launch.fleet;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.WorkerId;
import dev.stator.launch.planes.Planes;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.explain.DecisionListener;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.live.waiting.AdmissionListener;
import dev.stator.worker.KvEventPublisher;
import dev.stator.worker.Worker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Who decides how requests for a model are routed.
class RouterModeOfWorkersTest {
    private static final WorkerProtocol PROTOCOL = WorkerProtocol.in("test");
    private static final String MODEL = new ManualEngine("none", _ -> {}).info().model();

    private final Planes planes = Planes.inProcess();
    private final DecisionLog log = Observers.newLog();
    private final Fleets fleets =
            new Fleets(
                    planes,
                    new Fleets.Settings(
                            RouterConfig.DEFAULT,
                            AdmissionConfig.OFF,
                            new CacheKnowledge.None(),
                            false),
                    _ -> true,
                    (_, _) -> {},
                    new Observers(log, DecisionListener.NONE, _ -> AdmissionListener.NONE));

    @AfterEach
    void close() {
        fleets.close();
        planes.close();
    }

    @Test
    void theRouterDecidesWhereNoWorkerDoes() {
        try (Worker _ = worker(1, Optional.empty())) {
            assertThat(mode()).isEqualTo(RoutingMode.KV);
            assertThat(fleets.complaints()).isEmpty();
        }
    }

    @Test
    void aWorkersOwnModeWins() {
        try (Worker _ = worker(1, Optional.of("round-robin"));
                Worker _ = worker(2, Optional.of("round-robin"))) {
            assertThat(mode()).isEqualTo(RoutingMode.ROUND_ROBIN);
            assertThat(fleets.complaints()).isEmpty();
        }
    }

    @Test
    void theFirstWorkerDecidesAndTheOthersAreComplainedOfInOneLine() {
        try (Worker _ = worker(1, Optional.of("least-loaded"))) {
            assertThat(mode()).isEqualTo(RoutingMode.LEAST_LOADED);
            try (Worker _ = worker(2, Optional.of("round-robin"));
                    Worker _ = worker(3, Optional.of("random"));
                    Worker _ = worker(4, Optional.of("random"));
                    Worker _ = worker(5, Optional.empty())) {
                await().until(() -> fleets.find(MODEL).orElseThrow().workers().size() == 5);

                assertThat(mode()).isEqualTo(RoutingMode.LEAST_LOADED);
                assertThat(fleets.complaints())
                        .containsExactly(
                                MODEL
                                        + " is routed in mode least-loaded since its first worker;"
                                        + " others ask for random, round-robin in vain");
            }
        }
    }

    @Test
    void whenAllHaveLeftTheNextOneDecides() {
        try (Worker _ = worker(1, Optional.of("least-loaded"))) {
            assertThat(mode()).isEqualTo(RoutingMode.LEAST_LOADED);
        }
        ModelFleet left = fleets.find(MODEL).orElseThrow();
        await().until(() -> left.workers().isEmpty());
        try (Worker _ = worker(2, Optional.of("round-robin"))) {
            await().until(() -> fleets.find(MODEL).filter(it -> it != left).isPresent());

            assertThat(mode()).isEqualTo(RoutingMode.ROUND_ROBIN);
            assertThat(fleets.complaints()).isEmpty();
        }
    }

    @Test
    void whoComesBackAsItWasFindsItsFleetAgain() {
        worker(1, Optional.of("round-robin")).close();
        await().until(() -> fleets.find(MODEL).isPresent());
        ModelFleet left = fleets.find(MODEL).orElseThrow();
        try (Worker _ = worker(2, Optional.of("round-robin"))) {
            await().until(() -> !left.workers().isEmpty());

            assertThat(mode()).isEqualTo(RoutingMode.ROUND_ROBIN);
            assertThat(fleets.find(MODEL)).containsSame(left);
        }
    }

    @Test
    void aModeThatNobodyKnowsKeepsTheModelFromBeingServed() {
        try (Worker _ = worker(1, Optional.of("best"))) {
            await().until(() -> !fleets.complaints().isEmpty());

            assertThat(fleets.complaints()).singleElement().asString().contains("\"best\"");
            assertThat(fleets.find(MODEL)).isEmpty();
        }
    }

    /// In which a request is routed now.
    private RoutingMode mode() {
        await().until(() -> fleets.find(MODEL).isPresent());
        var engine = fleets.find(MODEL).orElseThrow().engine();
        engine.generate(Requests.request("one", 1, 2, 3), new RecordingSink());
        return log.recent(1).getFirst().choice().orElseThrow().policy().mode();
    }

    private Worker worker(long id, Optional<String> routerMode) {
        var source = new KvEventSource(new WorkerId(id), 7);
        var publisher = KvEventPublisher.silent(source, PROTOCOL.kvEvents());
        var kind = new Worker.Kind(Set.of(), Set.of(), Optional.empty(), routerMode);
        return Worker.open(
                PROTOCOL,
                new ManualEngine("worker-" + id, publisher),
                List.of(publisher),
                new Worker.Planes(planes.discovery(), planes.requests(), Optional.empty(), kind),
                Duration.ZERO);
    }
}
