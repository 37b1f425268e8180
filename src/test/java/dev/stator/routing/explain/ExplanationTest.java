package dev.stator.routing.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.CostModel;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingChoice.Compared;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.EndKind;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Timing;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.DecisionRecord.Verdict.Chosen;
import dev.stator.routing.explain.DecisionRecord.Verdict.Refused;
import dev.stator.routing.explain.Decisions.Stand;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// The sentences as people read them.
class ExplanationTest {
    private static final CostModel TIME = new CostModel.Time(TimePrices.DEFAULT);
    private static final CostModel BLOCKS = new CostModel.Blocks(BlockPrices.DEFAULT);
    private static final CostModel LMETRIC = new CostModel.Lmetric(BlockPrices.DEFAULT);

    private static final Stand HOLDER = new Stand(0x2a, 11, 0, 0);
    private static final Stand IDLE = new Stand(0x3b, 0, 0, 0);

    @Test
    void theHolderOfThePrompt() {
        assertThat(why(Decisions.cheapest(TIME, HOLDER, IDLE)))
                .isEqualTo(
                        "Worker 2a was chosen because it had 11 of the prompt's 12 "
                                + "blocks in its cache, which saves an estimated 176 ms; "
                                + "worker 3b was idle but would have had to compute all of "
                                + "it.");
        assertThat(why(Decisions.cheapest(BLOCKS, HOLDER, IDLE)))
                .isEqualTo(
                        "Worker 2a was chosen because it had 11 of the prompt's 12 "
                                + "blocks in its cache, which saves an estimated 176 ms; "
                                + "worker 3b was idle but would have had to compute all of "
                                + "it.");
        assertThat(why(Decisions.cheapest(LMETRIC, HOLDER, new Stand(0x3b, 4, 1, 0))))
                .isEqualTo(
                        "Worker 2a was chosen because it had 11 of the prompt's 12 "
                                + "blocks in its cache, which saves an estimated 112 ms; "
                                + "worker 3b had only 4 of the prompt's 12 blocks.");
    }

    @Test
    void theHolderIsPassedOver() {
        var queued = new Stand(0x2a, 11, 2, 900);
        assertThat(why(Decisions.cheapest(TIME, queued, IDLE)))
                .isEqualTo(
                        "Worker 3b was chosen because it could begin sooner: "
                                + "worker 2a first had 900 prompt tokens of other requests "
                                + "to compute, an estimated 900 ms. Worker 2a had more in "
                                + "its cache, 11 of the prompt's 12 blocks, but not enough "
                                + "to make up for that.");
        assertThat(why(Decisions.cheapest(BLOCKS, queued, IDLE)))
                .isEqualTo(
                        "Worker 3b was chosen because it could begin sooner: "
                                + "worker 2a first had 900 prompt tokens of other requests "
                                + "to compute, an estimated 900 ms. Worker 2a had more in "
                                + "its cache, 11 of the prompt's 12 blocks, but not enough "
                                + "to make up for that.");
        assertThat(why(Decisions.cheapest(TIME, queued, new Stand(0x4c, 6, 0, 0), IDLE)))
                .isEqualTo(
                        "Worker 4c was chosen because it had 6 of the prompt's 12 "
                                + "blocks in its cache, which saves an estimated 96 ms; "
                                + "worker 3b was idle but would have had to compute all of "
                                + "it. Worker 2a had even more in its cache, 11 of the "
                                + "prompt's 12 blocks, but it first had 900 prompt tokens of "
                                + "other requests to compute, an estimated 900 ms.");
    }

    @Test
    void nobodyHoldsAnything() {
        assertThat(why(Decisions.cheapest(TIME, new Stand(1, 0, 5, 0), IDLE)))
                .isEqualTo(
                        "Worker 3b was chosen because it was running fewer "
                                + "requests (0 against 5 at worker 1). None had any of the "
                                + "prompt in its cache.");
        assertThat(why(Decisions.cheapest(BLOCKS, new Stand(1, 0, 5, 0), IDLE)))
                .isEqualTo(
                        "Worker 3b was chosen because the requests it was running "
                                + "need fewer blocks (12 against 32 at worker 1, this one "
                                + "included). None had any of the prompt in its cache.");
        assertThat(why(Decisions.cheapest(TIME, new Stand(1, 0, 0, 0), IDLE)))
                .isEqualTo(
                        "Neither worker 1 nor worker 3b had any of the prompt in "
                                + "its cache, and they would have cost the same: worker 1 "
                                + "was chosen by lot.");
        assertThat(why(Decisions.cheapest(TIME, new Stand(1, 3, 0, 0), new Stand(2, 3, 0, 100))))
                .isEqualTo(
                        "Worker 1 was chosen because it could begin sooner: worker "
                                + "2 first had 100 prompt tokens of other requests to "
                                + "compute, an estimated 100 ms. Both had 3 of the prompt's "
                                + "12 blocks in their caches.");
    }

    @Test
    void whoIsLessBusyAndWhoGetsACopy() {
        assertThat(why(Decisions.decidedBy("crowding", 0.8)))
                .startsWith(
                        "Worker 1 was chosen because it was computing 40 % of the time, worker 2"
                                + " 80 %: fewer will come and wait there.");
        assertThat(why(Decisions.decidedBy("copy", 0.8)))
                .startsWith(
                        "Worker 1 was chosen because many ask for the same prefix, and a copy there"
                                + " will serve them too.");
    }

    @Test
    void otherModes() {
        assertThat(why(Decisions.first(RoutingMode.ROUND_ROBIN, 0, IDLE, HOLDER)))
                .isEqualTo(
                        "Workers take turns here, and it was the turn of worker "
                                + "3b. Caches are not looked at in this mode.");
        assertThat(why(Decisions.first(RoutingMode.RANDOM, 0, IDLE, HOLDER)))
                .isEqualTo(
                        "Workers are picked at random here, and worker 3b was "
                                + "picked. Caches are not looked at in this mode.");
        assertThat(why(Decisions.first(RoutingMode.POWER_OF_TWO, 0, IDLE, HOLDER)))
                .isEqualTo(
                        "Of two workers picked at random, worker 3b was running no "
                                + "more requests (0) than the other. Caches are not looked "
                                + "at in this mode.");
        assertThat(why(Decisions.first(RoutingMode.LEAST_LOADED, 0, IDLE, HOLDER)))
                .isEqualTo(
                        "Worker 3b was chosen because none was running fewer "
                                + "requests (0). Caches are not looked at in this mode.");
        assertThat(why(Decisions.first(RoutingMode.DEVICE_AWARE_WEIGHTED, 0, IDLE, HOLDER)))
                .isEqualTo(
                        "Worker 3b was chosen because its kind of device has less to do for its "
                                + "throughput and none of that kind was running fewer requests "
                                + "(0). Caches are not looked at in this mode.");
    }

    @Test
    void aPrefixThatIsReplicatedOnPurpose() {
        var queued = new Stand(0x2a, 11, 2, 900);
        RoutingChoice choice = Decisions.replicating(Decisions.cheapest(TIME, queued, IDLE), 11);
        assertThat(why(choice))
                .endsWith(
                        "Many requests begin like this one, more than worker 2a can take: worker 3b"
                                + " gets the first 11 blocks too, on purpose.");
    }

    @Test
    void drawnByTemperature() {
        assertThat(why(Decisions.first(RoutingMode.KV, 0.5, HOLDER, IDLE)))
                .isEqualTo(
                        "Workers are drawn by lot here, cheaper ones with a better "
                                + "chance (temperature 0.5), and worker 2a was drawn, which "
                                + "was the cheapest too; it had 11 of the prompt's 12 blocks "
                                + "in its cache.");
        assertThat(why(Decisions.first(RoutingMode.KV, 0.5, IDLE, HOLDER)))
                .isEqualTo(
                        "Workers are drawn by lot here, cheaper ones with a better "
                                + "chance (temperature 0.5), and worker 3b was drawn; worker "
                                + "2a would have cost less because it had 11 of the prompt's "
                                + "12 blocks in its cache and worker 3b had none of it.");
    }

    @Test
    void thereWasNoOther() {
        RoutingChoice only = Decisions.cheapest(TIME, HOLDER);
        assertThat(why(new Chosen(only, 0, false)))
                .isEqualTo(
                        "Worker 2a was chosen because no other worker could serve "
                                + "it; it had 11 of the prompt's 12 blocks in its cache.");
        assertThat(why(new Chosen(busy(only, 1), 0, false)))
                .isEqualTo(
                        "Worker 2a was chosen because the only other worker was "
                                + "busy; it had 11 of the prompt's 12 blocks in its cache.");
        assertThat(why(new Chosen(only, 3, true)))
                .isEqualTo(
                        "Worker 2a was chosen because the request named it; it had "
                                + "11 of the prompt's 12 blocks in its cache.");
        assertThat(why(new Chosen(only, 3, false)))
                .isEqualTo(
                        "Worker 2a was chosen because no other is eligible; it had "
                                + "11 of the prompt's 12 blocks in its cache.");
        var bound =
                new RoutingChoice(
                        only.policy(),
                        only.worker(),
                        11,
                        12,
                        new Compared(1, 0, 2),
                        only.candidates());
        assertThat(why(new Chosen(bound, 0, false)))
                .isEqualTo(
                        "Worker 2a was chosen because the session of the request "
                                + "went there before; it had 11 of the prompt's 12 blocks in "
                                + "its cache.");
        RoutingChoice two = busy(Decisions.cheapest(TIME, HOLDER, IDLE), 2);
        assertThat(why(new Chosen(two, 1, false)))
                .endsWith(
                        "2 busy workers were not considered. 1 worker was not "
                                + "eligible for this request.");
    }

    @Test
    void nobodyWasChosen() {
        assertThat(why(new Refused(RefusalReason.EVERY_WORKER_BUSY, 2, "")))
                .isEqualTo("All 2 workers that could serve it were busy, so it was refused.");
        assertThat(why(new Refused(RefusalReason.NO_WORKER, 0, "")))
                .isEqualTo("There was no worker that could serve it, so it was refused.");
        assertThat(why(new Refused(RefusalReason.INELIGIBLE, 2, "worker 9 is gone")))
                .isEqualTo(
                        "No worker fits what the request asks for, so it was "
                                + "refused: worker 9 is gone.");
        assertThat(why(new Refused(RefusalReason.QUEUE_FULL, 2, "")))
                .isEqualTo(
                        "All workers had enough to do, and too many requests were "
                                + "waiting already, so it was refused.");
        assertThat(
                        Explanation.outcome(
                                Decisions.decided(new Refused(RefusalReason.NO_WORKER, 0, ""))))
                .isEmpty();
    }

    @Test
    void waitingAndTryingAgainAreSaid() {
        Chosen chosen = new Chosen(Decisions.cheapest(TIME, HOLDER), 0, false);
        assertThat(Explanation.why(decided(1, Duration.ofMillis(250), chosen)))
                .isEqualTo(
                        "It waited 250 ms for its turn, because all workers were "
                                + "busy. Worker 2a was chosen because no other worker could "
                                + "serve it; it had 11 of the prompt's 12 blocks in its "
                                + "cache.");
        assertThat(Explanation.why(decided(2, Duration.ZERO, chosen)))
                .isEqualTo(
                        "The worker before failed, so another was looked for. "
                                + "Worker 2a was chosen because no other worker could serve "
                                + "it; it had 11 of the prompt's 12 blocks in its cache.");
        var none = new Refused(RefusalReason.NO_WORKER, 0, "");
        assertThat(Explanation.why(decided(2, Duration.ZERO, none)))
                .isEqualTo("The worker before failed, and no other was left to try.");
    }

    @Test
    void outcomes() {
        DecisionRecord decided = Decisions.decided(Decisions.cheapest(TIME, HOLDER, IDLE));
        assertThat(Explanation.outcome(decided)).isEqualTo("It is still running.");
        assertThat(outcome(decided, Decisions.outcome(176, 31)))
                .isEqualTo(
                        "The first token came after 31 ms (expected: 26 ms). The "
                                + "worker found 176 of 200 prompt tokens in its cache, as "
                                + "expected. It produced 25 tokens in 500 ms and came to its "
                                + "end.");
        assertThat(outcome(decided, Decisions.outcome(160, 31))).contains("(expected: 176)");
        Chosen chosen = new Chosen(Decisions.cheapest(TIME, HOLDER, IDLE), 0, false);
        DecisionRecord waited = decided(1, Duration.ofMillis(250), chosen);
        assertThat(outcome(waited, Decisions.outcome(176, 31)))
                .startsWith(
                        "The first token came after 31 ms (expected: 26 ms), 281 ms with the wait"
                                + " before. ");
        DecisionRecord random =
                Decisions.decided(Decisions.first(RoutingMode.RANDOM, 0, IDLE, HOLDER));
        assertThat(outcome(random, Decisions.outcome(16, 190)))
                .isEqualTo(
                        "The first token came after 190 ms (expected: 202 ms). The "
                                + "worker found 16 of 200 prompt tokens in its cache. It "
                                + "produced 25 tokens in 500 ms and came to its end.");
        assertThat(outcome(decided, ended(EndKind.FAILED, "worker 2a is gone")))
                .isEqualTo("It failed after 1.25 s, before its first token: worker 2a is gone.");
        assertThat(outcome(decided, ended(EndKind.CANCELLED, "")))
                .isEqualTo("It was cancelled after 1.25 s, before its first token.");
    }

    private static Outcome ended(EndKind kind, String failure) {
        return new Outcome(
                new End(kind, failure), 0, 0, Optional.empty(), Duration.ofMillis(1_250));
    }

    private static String outcome(DecisionRecord decided, Outcome outcome) {
        return Explanation.outcome(decided.with(outcome));
    }

    private static DecisionRecord decided(int attempt, Duration queued, Verdict verdict) {
        Asked first = Decisions.asked("r1", attempt);
        var timing = new Timing(Decisions.AT, queued, Duration.ZERO);
        var asked = new Asked("r1", first.target(), attempt, first.prompt(), timing);
        return new DecisionRecord(0, asked, verdict, Optional.empty());
    }

    private static RoutingChoice busy(RoutingChoice choice, int busy) {
        return new RoutingChoice(
                choice.policy(),
                new WorkerId(0x2a),
                choice.overlapBlocks(),
                choice.promptBlocks(),
                new Compared(choice.compared().count(), busy, 0),
                choice.candidates());
    }

    private static String why(RoutingChoice choice) {
        return why(new Chosen(choice, 0, false));
    }

    private static String why(Verdict verdict) {
        return Explanation.why(Decisions.decided(verdict));
    }
}
