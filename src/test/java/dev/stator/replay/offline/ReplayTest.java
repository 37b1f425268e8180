package dev.stator.replay.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stator.replay.offline.EventDelivery.Outage;
import dev.stator.replay.offline.ReplayConfig.Sessions;
import dev.stator.replay.offline.ReplayConfig.TimeModel;
import dev.stator.replay.offline.policy.PolicyChoice;
import dev.stator.replay.offline.worker.BatchLimits;
import dev.stator.replay.offline.worker.PrefillTime;
import dev.stator.replay.result.PolicyResult;
import dev.stator.replay.result.RunResult;
import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.replay.trace.TraceRequest.Turn;
import dev.stator.replay.trace.TraceSelection;
import dev.stator.replay.trace.generator.SiblingLoad;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

class ReplayTest {
    private static final Trace TRACE =
            TraceSelection.firstRequests(Traces.mooncake("conversation"), 1_500);

    @Test
    void theSameSeedGivesTheSameRun() {
        RunResult once = run("kv", ReplayConfig.DEFAULT, 5);
        RunResult again = run("kv", ReplayConfig.DEFAULT, 5);

        assertThat(again.ttft()).isEqualTo(once.ttft());
        assertThat(again.cache()).isEqualTo(once.cache());
        assertThat(again.balance()).isEqualTo(once.balance());
        assertThat(run("random", ReplayConfig.DEFAULT, 6).balance())
                .isNotEqualTo(run("random", ReplayConfig.DEFAULT, 5).balance());
    }

    @Test
    void theRouterKnowsCachesByEventsOnly() {
        double informed = hitRatio(EventDelivery.PERFECT);
        double blind = hitRatio(EventDelivery.PERFECT.withLoss(1).withRepair(Duration.ofDays(1)));

        assertThat(blind).isLessThan(informed - 0.1);
    }

    @Test
    void repeatedEventsChangeNothing() {
        RunResult once = run("kv", ReplayConfig.DEFAULT, 1);
        RunResult twice =
                run("kv", ReplayConfig.DEFAULT.with(EventDelivery.PERFECT.withDuplication(1)), 1);

        assertThat(twice.ttft()).isEqualTo(once.ttft());
        assertThat(twice.cache()).isEqualTo(once.cache());
    }

    @Test
    void anIndexThatIsRepairedAtOnceLosesNothing() {
        RunResult whole = run("blocks", ReplayConfig.DEFAULT, 1);
        RunResult repaired =
                run(
                        "blocks",
                        ReplayConfig.DEFAULT.with(
                                EventDelivery.PERFECT.withLoss(0.5).withRepair(Duration.ZERO)),
                        1);

        assertThat(repaired.cache()).isEqualTo(whole.cache());
    }

    @Test
    void whatAnOutageHidIsKnownAfterTheRepair() {
        assertThat(hitsAfterOutageUntil(50)).isEqualTo(20);
        assertThat(hitsAfterOutageUntil(115)).isLessThan(12);
    }

    /// Twenty prompts come in the first seconds and again 100 seconds later.
    private static long hitsAfterOutageUntil(int seconds) {
        List<TraceRequest> requests =
                LongStream.range(0, 40)
                        .mapToObj(i -> single((i < 20 ? i : 80 + i) * 1_000_000_000, i % 20))
                        .toList();
        EventDelivery delivery =
                EventDelivery.PERFECT.withOutage(
                        new Outage(Duration.ZERO, Duration.ofSeconds(seconds)));
        var trace = new Trace("test", 16, requests);
        PolicyChoice byEvents = PolicyChoice.parse("llmd_precise").getFirst();
        return Replay.run(trace, ReplayConfig.DEFAULT.with(delivery), byEvents, 1)
                .cache()
                .hitBlocks();
    }

    @Test
    void predictionMakesUpForLateEvents() {
        Trace siblings = SiblingLoad.agents(8, 30).trace(1);
        var fast = ReplayConfig.DEFAULT.with(new TimeModel.PrefillQueue(new PrefillTime(1e16)));
        ReplayConfig late = fast.with(EventDelivery.PERFECT.withDelay(Duration.ofMillis(500)));
        PolicyChoice predicting = kv().predicting(Duration.ofSeconds(2));

        RunResult prompt = Replay.run(siblings, fast, kv(), 1);
        assertThat(Replay.run(siblings, late, predicting, 1).cache()).isEqualTo(prompt.cache());
        assertThat(Replay.run(siblings, late, kv(), 1).cache().hitBlocks())
                .isLessThan(prompt.cache().hitBlocks() * 8 / 10);
    }

    @Test
    void everyRequestIsAccountedForUnderEveryPolicy() {
        Trace some = TraceSelection.firstRequests(TRACE, 200);
        var batching = ReplayConfig.DEFAULT.with(new TimeModel.Batching(BatchLimits.DEFAULT));
        for (PolicyChoice policy : PolicyChoice.parse("all")) {
            for (ReplayConfig config : List.of(ReplayConfig.DEFAULT, batching)) {
                RunResult run = Replay.run(some, config, policy, 1);

                assertThat(run.requests()).as(policy.name()).isEqualTo(200);
                assertThat(run.endToEnd().count()).isEqualTo(200);
                assertThat(run.cache().blocks())
                        .isEqualTo(
                                some.requests().stream()
                                        .mapToLong(it -> it.blocks().count())
                                        .sum());
            }
        }
    }

    @Test
    void aClosedSessionWaitsForTheAnswerAndThinks() {
        Trace trace = new Trace("test", 16, List.of(turn(0, 0), turn(1_000_000, 2_000_000_000)));
        var config = ReplayConfig.DEFAULT.with(new TimeModel.Batching(BatchLimits.DEFAULT));

        RunResult open = Replay.run(trace, config, kv(), 1);
        RunResult closed = Replay.run(trace, config.with(Sessions.CLOSED), kv(), 1);

        assertThat(open.cache().hitBlocks()).isZero();
        assertThat(open.balance().seconds()).isLessThan(2);
        assertThat(closed.cache().hitBlocks()).isEqualTo(1);
        assertThat(closed.balance().seconds()).isGreaterThan(2);
    }

    @Test
    void waitingAndTokensAreCountedWhileThereIsWork() {
        List<TraceRequest> requests =
                List.of(
                        single(0, 1),
                        single(0, 2),
                        single(0, 3),
                        single(0, 4),
                        single(1_000_000_000_000L, 5));
        var time = new PrefillTime(1e12);
        var config =
                ReplayConfig.DEFAULT.withWorkers(2, 100).with(new TimeModel.PrefillQueue(time));

        RunResult run = Replay.run(new Trace("test", 16, requests), config, roundRobin(), 1);

        // Two prompts at each worker, one of which waits for the other, and one alone much later.
        double active = 3 * time.seconds(16, 0);
        assertThat(run.flow().waiting()).isCloseTo(1 / 3.0, within(1e-6));
        assertThat(run.flow().outputTokensPerSecond()).isCloseTo(5 / active, within(1e-6));
    }

    @Test
    void twiceTheSpeedIsTwiceTheLoad() {
        var fast = run("round-robin", ReplayConfig.DEFAULT.withSpeed(2), 1);
        var slow = run("round-robin", ReplayConfig.DEFAULT, 1);

        assertThat(fast.ttft().mean()).isGreaterThan(slow.ttft().mean());
        assertThat(fast.balance().busyFraction()).isGreaterThan(slow.balance().busyFraction());
    }

    @Test
    void aStoppedComparisonShowsWhatWasDone() {
        var comparison =
                new Comparison(TRACE, ReplayConfig.DEFAULT, PolicyChoice.parse("kv,blocks"), 1, 2);

        List<PolicyResult> results =
                comparison.run((run, arrived, _) -> !run.equals("blocks") || arrived < 100);

        assertThat(results)
                .extracting(PolicyResult::label)
                .containsExactly("kv", "blocks (interrupted)");
        assertThat(results.getFirst().runs()).extracting(RunResult::seed).containsExactly(1L, 2L);
        RunResult interrupted = results.getLast().runs().getFirst();
        assertThat(interrupted.requests()).isEqualTo(100);
        assertThat(interrupted.ttft().count()).isBetween(50, 100);
        assertThat(interrupted.flow().waiting()).isPositive();
    }

    @Test
    void anUnknownPolicyIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> PolicyChoice.parse("kv,rond-robin"))
                .hasMessageContaining("\"rond-robin\"")
                .hasMessageEndingWith("the nearest is round-robin");
    }

    private static double hitRatio(EventDelivery delivery) {
        return run("kv", ReplayConfig.DEFAULT.with(delivery), 1).cache().hitRatioBlocks();
    }

    private static RunResult run(String policy, ReplayConfig config, long seed) {
        return Replay.run(TRACE, config, PolicyChoice.parse(policy).getFirst(), seed);
    }

    private static PolicyChoice kv() {
        return PolicyChoice.parse("kv").getFirst();
    }

    private static PolicyChoice roundRobin() {
        return PolicyChoice.parse("round_robin").getFirst();
    }

    private static TraceRequest single(long arrivalNanos, long block) {
        return new TraceRequest(arrivalNanos, 16, 1, BlockIds.of(block), Optional.empty());
    }

    private static TraceRequest turn(long arrivalNanos, long thinkNanos) {
        int number = arrivalNanos == 0 ? 0 : 1;
        return new TraceRequest(
                arrivalNanos,
                16,
                10,
                BlockIds.of(1),
                Optional.of(new Turn("a", number, thinkNanos, Optional.empty())));
    }
}
