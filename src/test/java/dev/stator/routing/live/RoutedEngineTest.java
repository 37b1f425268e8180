package dev.stator.routing.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.stator.engine.FailureKind;
import dev.stator.engine.FinishReason;
import dev.stator.engine.Generation;
import dev.stator.engine.ManualEngine;
import dev.stator.engine.RecordingSink;
import dev.stator.engine.TokenUsage;
import dev.stator.engine.hints.RequestHints;
import dev.stator.engine.hints.RouterOverrides;
import dev.stator.engine.hints.TaintRules;
import dev.stator.engine.hints.Urgency;
import dev.stator.engine.hints.WorkerPins;
import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.RouterConfig;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.EndKind;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.LadderReading;
import dev.stator.routing.explain.Rung;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

class RoutedEngineTest {

    @Test
    void theSamePromptGoesToTheSameWorkerAndFindsItsBlocks() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            RecordingSink first = fleet.send("first", Fleet.prompt(1, 64));
            ManualEngine served = fleet.busy();
            served.running().getFirst().begin().produce(5, 6).finish();
            for (int i = 0; i < 5; i++) {
                RecordingSink again = fleet.send("again-" + i, Fleet.prompt(1, 64));
                assertThat(fleet.busy()).isSameAs(served);
                served.running().getFirst().begin().produce(5, 6).finish();
                assertThat(again.start().orElseThrow().cachedTokens()).isEqualTo(64);
            }
            assertThat(first.ids()).containsExactly(5, 6);
            assertThat(first.awaitFinished().reason()).isEqualTo(FinishReason.STOP);
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void aWorkerThatFailsBeforeItsFirstTokenIsReplaced() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            RecordingSink sink = fleet.send("one", Fleet.prompt(1, 20));
            ManualEngine failing = fleet.busy();
            failing.running().getFirst().begin().fail(FailureKind.OVERLOADED);

            ManualEngine other = fleet.busy();
            assertThat(other).isNotSameAs(failing);
            other.running().getFirst().begin().produce(1).finish();

            assertThat(sink.ids()).containsExactly(1);
            assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.STOP);
            assertThat(fleet.decisions.about("one"))
                    .extracting(
                            it -> it.asked().attempt(),
                            it -> it.outcome().orElseThrow().end().kind())
                    .containsExactly(tuple(1, EndKind.FAILED), tuple(2, EndKind.STOP));
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void noMoreThanTwoWorkersAreTried() throws InterruptedException {
        try (var fleet = new Fleet(3, RouterConfig.DEFAULT)) {
            RecordingSink sink = fleet.send("one", Fleet.prompt(1, 20));
            fleet.busy().running().getFirst().begin().fail(FailureKind.INTERNAL);
            fleet.busy().running().getFirst().begin().fail(FailureKind.INTERNAL);

            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INTERNAL);
            assertThat(fleet.engines).allMatch(it -> it.running().isEmpty());
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void aBadRequestIsNotTriedAgain() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            RecordingSink sink = fleet.send("one", Fleet.prompt(1, 20));
            fleet.busy().running().getFirst().fail(FailureKind.INVALID_REQUEST);

            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.INVALID_REQUEST);
            assertThat(sink.start()).isEmpty();
            assertThat(fleet.engines).allMatch(it -> it.running().isEmpty());
        }
    }

    @Test
    void aFailureAfterTheFirstTokenReachesTheCaller() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            RecordingSink sink = fleet.send("one", Fleet.prompt(1, 20));
            fleet.busy().running().getFirst().begin().produce(1).fail(FailureKind.UNAVAILABLE);

            assertThat(sink.ids()).containsExactly(1);
            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void withoutWorkersRequestsAreUnavailable() throws InterruptedException {
        try (var fleet = new Fleet(0, RouterConfig.DEFAULT)) {
            RecordingSink sink = fleet.send("one", Fleet.prompt(1, 20));

            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(fleet.decisions.about("one").getFirst().verdict())
                    .isEqualTo(new Verdict.Refused(RefusalReason.NO_WORKER, 0, ""));
        }
    }

    @Test
    void aWorkerThatIsOnlyInDiscoveryIsSkipped() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT)) {
            fleet.requests.close();
            RecordingSink sink = fleet.send("one", Fleet.prompt(1, 20));

            assertThat(sink.awaitFailure().kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void closingCancelsOnTheWorker() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            var sink = new RecordingSink();
            Generation generation =
                    fleet.engine.generate(Fleet.request("one", Fleet.prompt(1, 20)), sink);
            fleet.busy().running().getFirst().begin().produce(1);
            generation.close();
            generation.close();

            assertThat(sink.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(fleet.engines).allMatch(it -> it.running().isEmpty());
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void closingTheEngineCancelsEverythingAndRefusesMore() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            RecordingSink one = fleet.send("one", Fleet.prompt(1, 20));
            RecordingSink two = fleet.send("two", Fleet.prompt(100, 20));
            fleet.engine.close();

            assertThat(one.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(two.awaitFinished().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(fleet.send("three", Fleet.prompt(1, 20)).awaitFailure().kind())
                    .isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void pauseAndResumeReachTheWorker() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT)) {
            var sink = new RecordingSink();
            Generation generation =
                    fleet.engine.generate(Fleet.request("one", Fleet.prompt(1, 20)), sink);
            ManualEngine.Running running = fleet.busy().running().getFirst();
            generation.pause();
            assertThat(running.isPaused()).isTrue();
            generation.resume();
            assertThat(running.isPaused()).isFalse();
        }
    }

    @Test
    void aPausedRequestStaysPausedOnTheNextWorker() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            var sink = new RecordingSink();
            Generation generation =
                    fleet.engine.generate(Fleet.request("one", Fleet.prompt(1, 20)), sink);
            generation.pause();
            fleet.busy().running().getFirst().fail(FailureKind.UNAVAILABLE);

            assertThat(fleet.busy().running().getFirst().isPaused()).isTrue();
        }
    }

    @Test
    void prefillIsChargedUntilTheFirstToken() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT)) {
            fleet.send("one", Fleet.prompt(1, 21));
            var worker = new WorkerId(1);
            assertThat(fleet.load(worker).prefillTokens()).isEqualTo(21);

            fleet.busy().running().getFirst().begin().produce(9);
            assertThat(fleet.load(worker).prefillTokens()).isZero();
            assertThat(fleet.load(worker).activeBlocks()).isEqualTo(5);
        }
    }

    @Test
    void whoAsksForTheWorkerOnlyIsToldAndNothingRuns() throws InterruptedException {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            fleet.send("one", Fleet.prompt(1, 64));
            ManualEngine served = fleet.busy();
            served.running().getFirst().begin().produce(5).finish();
            var sink = new RecordingSink();
            var hints =
                    new RequestHints(
                            Optional.empty(),
                            Optional.empty(),
                            Urgency.USUAL,
                            OptionalInt.empty(),
                            WorkerPins.NONE,
                            TaintRules.NONE,
                            RouterOverrides.NONE,
                            Optional.empty(),
                            Set.of("query_instance_id:"));
            fleet.engine.generate(Fleet.request("two", Fleet.prompt(1, 64)).with(hints), sink);

            assertThat(sink.awaitFinished().usage()).isEqualTo(new TokenUsage(64, 64, 0));
            WorkerId told = sink.start().orElseThrow().id().orElseThrow();
            assertThat(told.value()).isEqualTo(fleet.engines.indexOf(served) + 1);
            assertThat(fleet.engines).allMatch(it -> it.running().isEmpty());
            assertThat(fleet.router.active().loads()).isEmpty();
        }
    }

    @Test
    void theDecisionKnowsWhatCameOfIt() throws InterruptedException {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT)) {
            fleet.send("one", Fleet.prompt(1, 20));
            fleet.nanos.set(1_500);
            fleet.busy().running().getFirst().begin().produce(9).finish();

            DecisionRecord decision = fleet.decisions.about("one").getFirst();
            assertThat(decision.choice().orElseThrow().worker()).isEqualTo(new WorkerId(1));
            assertThat(decision.outcome())
                    .contains(
                            new Outcome(
                                    new End(EndKind.STOP, ""),
                                    0,
                                    1,
                                    Optional.of(Duration.ofNanos(1_500)),
                                    Duration.ofNanos(1_500)));
        }
    }

    @Test
    void theLadderCountsTheAnswerAsPartOfTheNextPrompt() {
        try (var fleet = new Fleet(2, RouterConfig.DEFAULT)) {
            fleet.send("one", Fleet.prompt(1, 6));
            fleet.busy().running().getFirst().begin().produce(7, 8, 9).finish();
            fleet.send("two", Fleet.prompt(1, 12));
            fleet.busy().running().getFirst().begin().produce(1).finish();

            LadderReading reading = fleet.ladder.lately();
            assertThat(reading.requests()).isEqualTo(2);
            assertThat(reading.promptTokens()).isEqualTo(18);
            assertThat(reading.cachedTokens(Rung.IDEAL)).isEqualTo(8);
        }
    }

    @Test
    void aRequestWithoutAFirstTokenIsNotOnTheLadder() {
        try (var fleet = new Fleet(1, RouterConfig.DEFAULT)) {
            fleet.send("one", Fleet.prompt(1, 20));
            fleet.busy().running().getFirst().begin().fail(FailureKind.INVALID_REQUEST);

            assertThat(fleet.ladder.lately().requests()).isZero();
        }
    }
}
