package dev.stator.routing.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.routing.load.WorkerLoad;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import java.util.Arrays;

class BlockCostTest {
    private static final CacheView CACHE = CacheView.of(4);
    private static final WorkerLoad LOAD = new WorkerLoad(160, 20, 24, 8);

    /// Recorded by `tools/golden/routing/record.py` from the formula as Dynamo 1.4 states it.
    @ParameterizedTest
    @CsvFileSource(
            resources = "/dev/stator/golden/routing/overlap-cost.csv",
            numLinesToSkip = 1,
            delimiter = ';')
    void pricesAsDynamoDoes(String row) {
        double[] field = Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray();
        var prices = new BlockPrices(field[0], field[1], 0.75, 0.25, field[2], field[3]);
        var prompt = new Prompt((int) field[4], (int) field[5], (long) field[6]);
        var load = new WorkerLoad((long) field[8], 0, (int) field[9], (int) field[10]);
        double expected = field[11];

        assertThat(new BlockCost(prices).price(prompt, CacheView.of((int) field[7]), load))
                .isCloseTo(expected, within(1e-9 * Math.max(1, expected)));
    }

    @Test
    void everyTermCanBeRead() {
        var prices = new BlockPrices(0.5, 1, 0.75, 0.25, 2, 0.25);
        // A 160 and least 0 tokens, B 16, L 64: 10 blocks behind over 4 prompt blocks
        RoutingCost cost = new BlockCost(prices).explain(new Prompt(64, 16, 0), CACHE, LOAD);

        assertThat(cost.term("raw")).isEqualTo(14);
        assertThat(cost.term("credit")).isCloseTo(2 / 3.5, within(1e-12));
        assertThat(cost.term("prefill")).isCloseTo(2 * (14 - 2 / 3.5), within(1e-12));
        assertThat(cost.term("decode")).isEqualTo(24);
        assertThat(cost.term("requests")).isEqualTo(2);
        assertThat(cost.total())
                .isCloseTo(2 * (14 - 2 / 3.5) + 24 + 2, within(1e-12))
                .isEqualTo(new BlockCost(prices).price(new Prompt(64, 16, 0), CACHE, LOAD));
        assertThat(cost)
                .hasToString(
                        "52.857 blocks (raw 14.000, credit 0.571, prefill 26.857, decode 24.000,"
                                + " requests 2.000)");
    }

    @Test
    void blocksInSlowerMemoryEarnLessCredit() {
        var cost = new BlockCost(BlockPrices.DEFAULT);
        var cache = new CacheView(1, 2, 4, 0, 0);

        assertThat(cost.explain(new Prompt(160, 16, 0), cache, LOAD).term("credit"))
                .isEqualTo(1 + 2 * 0.75 + 4 * 0.25);
    }

    @Test
    void theProductMultipliesWhatWaitsByWhatRuns() {
        var cost = new BlockCost(BlockPrices.DEFAULT, true);

        assertThat(cost.price(new Prompt(64, 16, 0), CACHE, LOAD)).isEqualTo((14 - 4) * (24 + 1));
    }
}
