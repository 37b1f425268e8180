package dev.stator.routing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.routing.load.Speeds;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.load.WorkerLoad.Pace;

import org.junit.jupiter.api.Test;

class TimeCostTest {
    // 0.01 s + 0.1 ms per token; a decode step of 20 ms and 1 ms more per request
    private static final Speeds SPEEDS = new Speeds(0.01, 1e-4, 0, 0.02, 1e-3, 0);
    private static final Prompt PROMPT =
            new Prompt(1_000, 10, 100, 0, 0.5, 0.6, SPEEDS, HotPrefix.NONE);
    private static final TimePrices PRICES = new TimePrices(1.0 / 3, 4, 0.1, 0.5, 0.2, 0.75, 0.25);
    private static final TimeCost COST = new TimeCost(PRICES);

    @Test
    void everyTermIsTimeAndTheTermsAddUp() {
        var cache = new CacheView(40, 0, 0, 1.1, 0);
        RoutingCost cost = COST.explain(PROMPT, cache, load(0.3, 1, 4));

        assertThat(cost.term("wait")).isEqualTo(0.3);
        assertThat(cost.term("prefill")).isCloseTo(0.01 + 600e-4, within(1e-12));
        assertThat(cost.term("crowding")).isCloseTo(0.07 * 0.5, within(1e-12));
        assertThat(cost.term("wear")).isCloseTo(0.06 * 1.5 * (1.2 / 0.6 - 1), within(1e-12));
        assertThat(cost.term("stall")).isCloseTo(0.5 * 4 * 0.07, within(1e-12));
        assertThat(cost.term("decode")).isCloseTo(0.2 * 100 * 0.025, within(1e-12));
        assertThat(cost.term("slowdown")).isCloseTo(0.2 * 100 * 4 * 0.001, within(1e-12));
        double sum = cost.terms().stream().mapToDouble(RoutingCost.Term::value).sum();
        assertThat(cost.total()).isCloseTo(sum, within(1e-12));
    }

    @Test
    void aSlowWorkerTakesLongerForPromptsButNotForItsQueueWhichIsTimeAlready() {
        RoutingCost cost = COST.explain(PROMPT, CacheView.of(0), load(0.3, 2, 4));

        assertThat(cost.term("wait")).isEqualTo(0.3);
        assertThat(cost.term("prefill")).isCloseTo(2 * 0.11, within(1e-12));
        assertThat(cost.term("stall")).isCloseTo(0.5 * 4 * 0.22, within(1e-12));
    }

    @Test
    void aFullyCachedPromptStillComputesItsLastToken() {
        RoutingCost cost = COST.explain(PROMPT, CacheView.of(100), load(0, 1, 0));

        assertThat(cost.term("prefill")).isCloseTo(0.01 + 1e-4, within(1e-12));
    }

    @Test
    void slowerMemorySavesAPartOfTheTime() {
        var cache = new CacheView(10, 20, 40, 0, 0);

        assertThat(COST.explain(PROMPT, cache, load(0, 1, 0)).term("prefill"))
                .isCloseTo(0.01 + (1_000 - 10 * (10 + 15 + 10)) * 1e-4, within(1e-12));
    }

    @Test
    void theCachedWorkerWinsUntilItsQueueCostsMoreThanTheCacheSaves() {
        var cold = new CacheView(0, 0, 0, 0.5, 0);
        var warm = new CacheView(90, 0, 0, 0.5, 0);
        double elsewhere = COST.price(PROMPT, cold, load(0, 1, 0));

        assertThat(COST.price(PROMPT, warm, load(0.05, 1, 0))).isLessThan(elsewhere);
        assertThat(COST.price(PROMPT, warm, load(0.5, 1, 0))).isGreaterThan(elsewhere);
    }

    /// 4 requests with answers of 10 blocks, half done: 220 blocks of 300 are in use, and 110 for
    /// this one are 30 more than there are. All 220 come back in the 2.4 s of an answer.
    @Test
    void whatDoesNotFitWaitsUntilOthersHaveEnded() {
        var cache = new CacheView(0, 0, 0, 0, 300);
        var load = new WorkerLoad(0, 200, 300, 0, 4, new Pace(0, 1, 0, 0, 4));

        assertThat(room(cache, load))
                .isCloseTo((30.0 / 220 + 110.0 / 300 * 220 / 80) * 2.4, within(1e-9));
        var tracking = new TimeCost(PRICES, PrefillWeights.DEFAULT, true);
        assertThat(tracking.explain(PROMPT, cache, load).term("room"))
                .isCloseTo((10.0 / 200 + 110.0 / 300 * 200 / 100) * 2.4, within(1e-9));
    }

    @Test
    void whatFitsIsTheDearerTheLessIsLeft() {
        var load = new WorkerLoad(0, 200, 300, 0, 4, new Pace(0, 1, 0, 0, 4));

        assertThat(room(new CacheView(0, 0, 0, 0, 1_000), load))
                .isCloseTo(0.11 * 0.22 / 0.78 * 2.4, within(1e-9));
        assertThat(room(new CacheView(0, 0, 0, 0, 330), load))
                .isCloseTo(110.0 / 330 * 2 * 2.4, within(1e-9));
        assertThat(room(new CacheView(0, 0, 0, 0, 10), load)).isLessThan(1_000);
    }

    @Test
    void roomCostsNothingWhereNothingRunsOrNobodyKnows() {
        var load = new WorkerLoad(0, 200, 300, 0, 4, new Pace(0, 1, 0, 0, 4));
        var idle = new WorkerLoad(0, 0, 400, 0, 0, Pace.IDLE);

        assertThat(room(CacheView.of(0), load)).isZero();
        assertThat(room(new CacheView(0, 0, 0, 0, 300), idle)).isZero();
    }

    @Test
    void creditIsThePartOfWhatIsCachedThatCounts() {
        WorkerLoad load = load(0, 1, 0);
        assertThat(weighed(0.505, 0, 1).prefillSeconds(PROMPT, CacheView.of(40), load))
                .isCloseTo(0.01 + (1_000 - 202) * 1e-4, within(1e-12));
        assertThat(weighed(0, 0, 1).price(PROMPT, CacheView.of(90), load))
                .isEqualTo(COST.price(PROMPT, CacheView.of(0), load));
        assertThat(weighed(0, 0, 1).prefillSeconds(PROMPT, new CacheView(0, 40, 0, 0, 0), load))
                .isCloseTo(0.01 + (1_000 - 300) * 1e-4, within(1e-12));
    }

    /// A prompt's length more is queued than elsewhere: of the credit 1 / (1 + 3) is left.
    @Test
    void creditFadesWithQueuedPrefill() {
        var prompt = new Prompt(1_000, 10, 100, 500, 0.5, 0.6, SPEEDS, HotPrefix.NONE);
        var queued = new WorkerLoad(1_500, 0, 0, 0, 0, Pace.IDLE);
        assertThat(weighed(0.5, 3, 1).prefillSeconds(prompt, CacheView.of(40), queued))
                .isCloseTo(0.01 + (1_000 - 50) * 1e-4, within(1e-12));
        var least = new WorkerLoad(500, 0, 0, 0, 0, Pace.IDLE);
        assertThat(weighed(1, 3, 1).prefillSeconds(prompt, CacheView.of(40), least))
                .isEqualTo(COST.prefillSeconds(prompt, CacheView.of(40), least));
    }

    /// Twice as busy as the mean, 3 come before its queue is empty again instead of 1.5.
    @Test
    void whoComesNextWaitsInTheLongerQueueOfAllOrOfTheWorker() {
        assertThat(COST.explain(PROMPT, CacheView.of(40), busy(0.3)).term("crowding"))
                .isCloseTo(0.07 * 0.5, within(1e-12));
        assertThat(COST.explain(PROMPT, CacheView.of(40), busy(0.75)).term("crowding"))
                .isCloseTo(0.07 * 1, within(1e-12));
        assertThat(COST.explain(PROMPT, CacheView.of(40), busy(2)).term("crowding"))
                .isCloseTo(0.07 * 3, within(1e-12));
    }

    /// 40 blocks are computed once and used 4 times: of their 40 ms this request bears 10.
    @Test
    void aCopyOfAHotPrefixIsPaidForByAllWhoUseIt() {
        Prompt prompt = asking(new HotPrefix(40, 4));
        RoutingCost copying = COST.explain(prompt, CacheView.of(0), load(0, 1, 4));

        assertThat(copying.term("prefill")).isCloseTo(0.11, within(1e-12));
        assertThat(copying.term("copy")).isCloseTo(-0.03, within(1e-12));
        assertThat(copying.term("crowding")).isCloseTo(0.08 * 0.5, within(1e-12));
        assertThat(copying.term("stall")).isCloseTo(0.5 * 4 * 0.08, within(1e-12));
        double sum = copying.terms().stream().mapToDouble(RoutingCost.Term::value).sum();
        assertThat(copying.total()).isCloseTo(sum, within(1e-12));
    }

    @Test
    void whoHoldsAHotPrefixMakesNoCopy() {
        RoutingCost holding =
                COST.explain(asking(new HotPrefix(40, 4)), CacheView.of(40), load(0, 1, 4));

        assertThat(holding.term("copy")).isZero();
        assertThat(holding).isEqualTo(COST.explain(PROMPT, CacheView.of(40), load(0, 1, 4)));
    }

    @Test
    void aCopyServesItsPartOfTheRequestsAndNotMoreThanIsSureToCome() {
        assertThat(HotPrefix.of(40, 120, 3)).isEqualTo(new HotPrefix(40, 3));
        assertThat(HotPrefix.of(40, 10_000, 3)).isEqualTo(new HotPrefix(40, 8));
        assertThat(HotPrefix.of(40, 40, 3)).isEqualTo(HotPrefix.NONE);
    }

    @Test
    void theScaleWeighsWhatPrefillsTakeAgainstDecoding() {
        var cache = new CacheView(40, 0, 0, 1.1, 0);
        RoutingCost usual = COST.explain(PROMPT, cache, load(0.3, 1, 4));
        RoutingCost doubled = weighed(1, 0, 2).explain(PROMPT, cache, load(0.3, 1, 4));
        for (RoutingCost.Term term : usual.terms()) {
            boolean isDecoding = term.name().equals("decode") || term.name().equals("slowdown");
            assertThat(doubled.term(term.name()))
                    .isCloseTo((isDecoding ? 1 : 2) * term.value(), within(1e-12));
        }
        double sum = doubled.terms().stream().mapToDouble(RoutingCost.Term::value).sum();
        assertThat(doubled.total()).isCloseTo(sum, within(1e-12));
    }

    @Test
    void withoutPrefillOnlyDecodingCounts() {
        RoutingCost usual = COST.explain(PROMPT, CacheView.of(40), load(0.3, 1, 4));
        assertThat(weighed(1, 0, 0).price(PROMPT, CacheView.of(90), load(0.9, 1, 4)))
                .isCloseTo(usual.term("decode") + usual.term("slowdown"), within(1e-12));
    }

    private static double room(CacheView cache, WorkerLoad load) {
        return COST.explain(PROMPT, cache, load).term("room");
    }

    private static Prompt asking(HotPrefix hot) {
        return new Prompt(1_000, 10, 100, 0, 0.5, 0.6, SPEEDS, hot);
    }

    private static WorkerLoad busy(double busy) {
        return new WorkerLoad(0, 0, 0, 0, 0, new Pace(0, 1, 0, busy, 0));
    }

    private static TimeCost weighed(double credit, double decay, double scale) {
        return new TimeCost(PRICES, new PrefillWeights(credit, decay, scale), false);
    }

    private static WorkerLoad load(double waitSeconds, double slowness, int decoding) {
        var pace = new Pace(waitSeconds, slowness, 0, 0, decoding);
        return new WorkerLoad(0, 0, 0, 0, decoding, pace);
    }
}
