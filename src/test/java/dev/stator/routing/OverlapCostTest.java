package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.routing.RouterConfig.BusyThresholds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import java.util.Arrays;

class OverlapCostTest {

    /// Recorded by `tools/golden/routing/record.py` from the formula as Dynamo 1.4 states it.
    @ParameterizedTest
    @CsvFileSource(
            resources = "/dev/stator/golden/routing/overlap-cost.csv",
            numLinesToSkip = 1,
            delimiter = ';')
    void pricesAsDynamoDoes(String row) {
        double[] field = Arrays.stream(row.split(",")).mapToDouble(Double::parseDouble).toArray();
        var config =
                new RouterConfig(
                        RoutingMode.KV,
                        field[0],
                        field[1],
                        field[2],
                        field[3],
                        0,
                        false,
                        BusyThresholds.NONE);
        var prompt = new CostFunction.Prompt((int) field[4], (int) field[5], (long) field[6]);
        var load = new WorkerLoad((long) field[8], 0, (int) field[9], (int) field[10]);
        double expected = field[11];

        assertThat(new OverlapCost(config).price(prompt, (int) field[7], load).total())
                .isCloseTo(expected, within(1e-9 * Math.max(1, expected)));
    }

    @Test
    void everyTermCanBeRead() {
        var config =
                new RouterConfig(RoutingMode.KV, 0.5, 1, 2, 0.25, 0, false, BusyThresholds.NONE);
        // A 160 and least 0 tokens, B 16, L 64: 10 blocks behind over 4 prompt blocks
        RoutingCost cost =
                new OverlapCost(config)
                        .price(
                                new CostFunction.Prompt(64, 16, 0),
                                4,
                                new WorkerLoad(160, 20, 24, 8));

        assertThat(cost.rawPrefillBlocks()).isEqualTo(14);
        assertThat(cost.creditDecay()).isCloseTo(1 / 3.5, within(1e-12));
        assertThat(cost.overlapCredit()).isCloseTo(2 / 3.5, within(1e-12));
        assertThat(cost.prefillCost()).isCloseTo(2 * (14 - 2 / 3.5), within(1e-12));
        assertThat(cost.decodeCost()).isEqualTo(24);
        assertThat(cost.requestCost()).isEqualTo(2);
        assertThat(cost.total())
                .isEqualTo(cost.prefillCost() + cost.decodeCost() + cost.requestCost());
    }

    @Test
    void moreCreditThanPrefillIsNoGain() {
        RoutingCost cost =
                new OverlapCost(RouterConfig.DEFAULT)
                        .price(new CostFunction.Prompt(10, 4, 0), 7, new WorkerLoad(0, 0, 2, 0));

        assertThat(cost.prefillCost()).isZero();
        assertThat(cost.total()).isEqualTo(2);
    }
}
