package dev.stator.routing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.load.WorkerLoad.Pace;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.SplittableRandom;

class ReweighedCostTest {
    private static final CostFunction INNER = new TimeCost(TimePrices.DEFAULT);
    private static final Prompt PROMPT = new Prompt(1_000, 10, 0);
    private static final WorkerLoad BUSY =
            new WorkerLoad(5_000, 100, 150, 0, 4, new Pace(3, 2, 70_000, 0.5, 3));

    @ParameterizedTest
    @MethodSource("dev.stator.testing.Seeds#hundred")
    void isTheInnerOneWhenNothingIsWeighedAnew(long seed) {
        var random = new SplittableRandom(seed);
        var cache = new CacheView(random.nextInt(101), 0, 0, random.nextDouble());
        var load =
                new WorkerLoad(
                        random.nextLong(10_000),
                        10,
                        20,
                        0,
                        random.nextInt(5),
                        new Pace(random.nextDouble(9), 1 + random.nextDouble(), 7, 0.1, 2));
        assertThat(new ReweighedCost(INNER, 1, 1).price(PROMPT, cache, load))
                .isCloseTo(INNER.price(PROMPT, cache, load), within(1e-9));
    }

    @Test
    void withoutCreditWhatIsCachedMakesNoDifference() {
        var cost = new ReweighedCost(INNER, 0, 1);
        assertThat(cost.price(PROMPT, CacheView.of(90), BUSY))
                .isCloseTo(INNER.price(PROMPT, CacheView.of(0), BUSY), within(1e-9));
    }

    @Test
    void withoutPrefillOnlyDecodingCounts() {
        var cost = new ReweighedCost(INNER, 1, 0);
        assertThat(cost.price(PROMPT, CacheView.of(90), BUSY))
                .isEqualTo(cost.price(PROMPT, CacheView.of(0), BUSY))
                .isEqualTo(INNER.price(PROMPT, CacheView.of(100), BUSY.withoutPrefill()));
    }

    @Test
    void theExplanationAddsUp() {
        RoutingCost cost = new ReweighedCost(INNER, 1, 2).explain(PROMPT, CacheView.of(9), BUSY);
        assertThat(cost.terms().stream().mapToDouble(RoutingCost.Term::value).sum())
                .isCloseTo(cost.total(), within(1e-9));
        assertThat(cost.term("overrides")).isPositive();
    }
}
