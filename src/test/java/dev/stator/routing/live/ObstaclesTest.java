package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.eligibility.Obstacle;
import dev.stator.routing.hints.WorkerPin;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

class ObstaclesTest {
    private static final WorkerPin PIN = new WorkerPin(OptionalLong.of(7), OptionalInt.empty());

    @Test
    void theCallerCanTellTheKindsApart() {
        assertThat(Obstacles.failure(new Obstacle.PinMissing()).kind())
                .isEqualTo(FailureKind.INVALID_REQUEST);
        assertThat(Obstacles.failure(new Obstacle.PinGone(PIN)))
                .isEqualTo(
                        EngineFailure.of(
                                FailureKind.UNAVAILABLE,
                                "nvext.backend_instance_id 7: this worker does not serve the model"
                                        + " now"));
        assertThat(Obstacles.failure(new Obstacle.PinBusy(PIN, Duration.ofSeconds(2))))
                .isEqualTo(
                        new EngineFailure(
                                FailureKind.OVERLOADED,
                                "nvext.backend_instance_id 7: this worker is busy",
                                Optional.of(Duration.ofSeconds(2))));
        assertThat(Obstacles.failure(new Obstacle.NoneOfKind(Set.of("gpu=x"))).kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(Obstacles.failure(new Obstacle.NoneWithAdapter("law")))
                .isEqualTo(
                        EngineFailure.of(
                                FailureKind.UNAVAILABLE,
                                "adapter \"law\": no worker that may serve the request has it"
                                        + " loaded now"));
    }

    @Test
    void aPinnedRequestIsNotSentElsewhereWhenItsWorkerFails() throws InterruptedException {
        try (var fleet = new Fleet(3, RouterConfig.DEFAULT)) {
            RecordingSink sink = send(fleet, pinned(2));
            assertThat(fleet.busy()).isSameAs(fleet.engines.get(1));
            fleet.busy().running().getFirst().begin().fail(FailureKind.INTERNAL);

            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INTERNAL);
            assertThat(fleet.engines).allMatch(it -> it.running().isEmpty());
        }
    }

    @Test
    void theModeDirectRefusesWhoNamesNoWorker() throws InterruptedException {
        RouterConfig direct = RouterConfig.DEFAULT.withMode(RoutingMode.DIRECT);
        try (var fleet = new Fleet(2, direct)) {
            assertThat(send(fleet, RequestHints.NONE).awaitFailure().kind())
                    .isEqualTo(FailureKind.INVALID_REQUEST);
            send(fleet, pinned(1));
            assertThat(fleet.busy()).isSameAs(fleet.engines.getFirst());
        }
    }

    private static RecordingSink send(Fleet fleet, RequestHints hints) {
        var sink = new RecordingSink();
        fleet.engine.generate(Fleet.request("one", Fleet.prompt(1, 20)).with(hints), sink);
        return sink;
    }

    private static RequestHints pinned(long worker) {
        var pins =
                new WorkerPins(
                        OptionalLong.of(worker),
                        OptionalLong.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        OptionalInt.empty());
        return new RequestHints(
                Optional.empty(),
                Optional.empty(),
                Urgency.USUAL,
                OptionalInt.empty(),
                pins,
                TaintRules.NONE,
                RouterOverrides.NONE,
                Optional.empty(),
                Set.of());
    }
}
