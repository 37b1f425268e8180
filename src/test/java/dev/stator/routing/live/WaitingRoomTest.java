package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.EngineFailure;
import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.Generation;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.Refusal.Reason;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

class WaitingRoomTest {
    private static final AdmissionConfig SENSITIVE =
            new AdmissionConfig(
                    PolicyProfile.single(OptionalDouble.of(0), QueuePolicy.FCFS),
                    3,
                    1_000,
                    Duration.ofSeconds(10),
                    100);

    @Test
    void requestsWaitWhileEveryWorkerComputesAPrompt() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            fleet.send("two", Fleet.prompt(100, 20));
            RecordingSink waits = fleet.send("three", Fleet.prompt(200, 20));
            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
            assertThat(fleet.engine.waitingTokens()).isEqualTo(20);
            assertThat(running(fleet)).hasSize(2);

            fleet.wakeups.pass(Duration.ofMillis(70));
            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
            running(fleet).getFirst().begin().produce(7);
            fleet.wakeups.run();

            assertThat(fleet.engine.waitingRequests()).isZero();
            assertThat(fleet.admissions.waits).containsExactly(Duration.ofMillis(70));
            running(fleet).stream()
                    .filter(it -> it.request().id().equals("three"))
                    .forEach(it -> it.begin().produce(8).finish());
            assertThat(waits.awaitFinished().reason()).isEqualTo(FinishReason.STOP);
            assertThat(queued(fleet, "one")).isZero();
            assertThat(queued(fleet, "three")).isEqualTo(Duration.ofMillis(70));
        }
    }

    @Test
    void aThresholdLeavesRoomForPrompts() {
        AdmissionConfig config =
                SENSITIVE.withProfile(
                        PolicyProfile.single(
                                OptionalDouble.of(0.1), QueuePolicy.FCFS)); // 51 of 512
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, config)) {
            fleet.send("one", Fleet.prompt(1, 40));
            fleet.send("two", Fleet.prompt(100, 40));
            fleet.send("three", Fleet.prompt(200, 40));

            assertThat(running(fleet)).hasSize(2);
            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
        }
    }

    @Test
    void whoComesLaterDoesNotOvertake() {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            fleet.send("two", Fleet.prompt(100, 20));
            running(fleet).getFirst().begin().produce(7);
            fleet.send("three", Fleet.prompt(200, 20)); // before "two" was let in
            fleet.wakeups.run();

            assertThat(running(fleet))
                    .extracting(it -> it.request().id())
                    .containsExactly("one", "two");
        }
    }

    @Test
    void urgentRequestsGoFirst() {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            fleet.send("two", Fleet.prompt(100, 20));
            send(fleet, "three", hints(new Urgency(0, 1), WorkerPins.NONE, Optional.empty()));
            running(fleet).getFirst().begin().produce(7);
            fleet.wakeups.run();

            assertThat(running(fleet).getLast().request().id()).isEqualTo("three");
        }
    }

    @Test
    void aFullRoomRefusesAndSaysWhenToComeBack() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            for (int i = 0; i < 4; i++) {
                fleet.send("r" + i, Fleet.prompt(100 * i + 1, 20));
            }
            EngineFailure failure = fleet.send("late", Fleet.prompt(900, 20)).awaitFailure();

            assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(fleet.admissions.refusals).containsExactly(Reason.REQUESTS_LIMIT);
            assertThat(fleet.engine.waitingRequests()).isEqualTo(3);
        }
    }

    @Test
    void whoWaitsTooLongIsToldSo() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            RecordingSink old = fleet.send("two", Fleet.prompt(100, 20));
            RecordingSink hasty =
                    send(
                            fleet,
                            "three",
                            hints(
                                    Urgency.USUAL,
                                    WorkerPins.NONE,
                                    Optional.of(Duration.ofSeconds(1))));
            fleet.wakeups.pass(Duration.ofMillis(1_100));
            assertThat(hasty.awaitFailure().kind()).isEqualTo(FailureKind.TIMED_OUT);
            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
            fleet.wakeups.pass(Duration.ofSeconds(9));

            EngineFailure failure = old.awaitFailure();
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(failure.retryAfter()).isPresent();
            assertThat(fleet.wakeups.pending()).isZero();
            assertThat(fleet.admissions.refusals)
                    .containsExactly(Reason.DEADLINE_PASSED, Reason.WAITED_TOO_LONG);
            assertThat(queued(fleet, "three")).isEqualTo(Duration.ofSeconds(1));
            assertThat(queued(fleet, "two")).isEqualTo(Duration.ofSeconds(10));
        }
    }

    /// What the record of the decision says.
    private static Duration queued(Fleet fleet, String id) {
        return fleet.decisions.about(id).getFirst().asked().timing().queued();
    }

    @Test
    void aClientThatLeavesGivesItsPlaceBack() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            var sink = new RecordingSink();
            Generation waiting =
                    fleet.engine.generate(Fleet.request("two", Fleet.prompt(100, 20)), sink);
            waiting.close();
            waiting.close();

            assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(fleet.engine.waitingRequests()).isZero();
            running(fleet).getFirst().begin().produce(7);
            fleet.wakeups.pass(Duration.ofMillis(1_100));
            assertThat(running(fleet)).hasSize(1);
        }
    }

    @Test
    void closingTheEngineEndsThoseThatWait() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            RecordingSink two = fleet.send("two", Fleet.prompt(100, 20));
            RecordingSink three = fleet.send("three", Fleet.prompt(200, 20));
            fleet.engine.close();

            assertThat(two.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(three.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
            fleet.wakeups.pass(Duration.ofMinutes(1));
            assertThat(fleet.wakeups.pending()).isZero();
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void anotherWorkerEndsTheWaiting() {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            fleet.send("two", Fleet.prompt(100, 20));
            fleet.addWorker(9);
            fleet.wakeups.pass(Duration.ofMillis(100));

            assertThat(fleet.engines.getLast().running()).hasSize(1);
        }
    }

    @Test
    void withoutWorkersNobodyWaits() throws InterruptedException {
        try (var fleet = new Fleet(0, RouterConfig.DEFAULT, SENSITIVE)) {
            assertThat(fleet.send("one", Fleet.prompt(1, 20)).awaitFailure().kind())
                    .isEqualTo(FailureKind.UNAVAILABLE);
        }
    }

    @Test
    void aPinnedRequestHoldsNobodyUp() {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            String busy = fleet.busy() == fleet.engines.getFirst() ? "1" : "2";
            var pin =
                    new WorkerPins(
                            OptionalLong.of(Long.parseLong(busy)),
                            OptionalLong.empty(),
                            OptionalInt.empty(),
                            OptionalLong.empty(),
                            OptionalInt.empty());
            send(fleet, "pinned", hints(Urgency.USUAL, pin, Optional.empty()));
            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
            fleet.wakeups.run();

            assertThat(fleet.engine.waitingRequests()).isZero();
        }
    }

    @Test
    void whoIsAllowedBusyWorkersOnlyWaitsThoughOthersAreFree() {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT, SENSITIVE)) {
            fleet.send("one", Fleet.prompt(1, 20));
            long busy = fleet.busy() == fleet.engines.getFirst() ? 1 : 2;
            send(fleet, "bound", hints(Urgency.USUAL, allowed(busy), Optional.empty()));

            assertThat(fleet.engine.waitingRequests()).isEqualTo(1);
        }
    }

    private static RecordingSink send(Fleet fleet, String id, RequestHints hints) {
        var sink = new RecordingSink();
        fleet.engine.generate(Fleet.request(id, Fleet.prompt(300, 20)).with(hints), sink);
        return sink;
    }

    private static WorkerPins allowed(long process) {
        return new WorkerPins(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.of(Set.of(process)));
    }

    private static RequestHints hints(
            Urgency urgency, WorkerPins pins, Optional<Duration> timeout) {
        return new RequestHints(
                Optional.empty(),
                Optional.empty(),
                urgency,
                OptionalInt.empty(),
                pins,
                TaintRules.NONE,
                RouterOverrides.NONE,
                timeout,
                Set.of());
    }

    private static List<ManualEngine.Running> running(Fleet fleet) {
        return fleet.engines.stream().flatMap(it -> it.running().stream()).toList();
    }
}
