package dev.stator.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.eligibility.BusyThresholds;
import dev.stator.routing.load.Tracking;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

class RouterConfigTest {
    private static final CostModel BLOCKS = new CostModel.Blocks(BlockPrices.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "kv, KV",
        "round-robin, ROUND_ROBIN",
        "random, RANDOM",
        "power-of-two, POWER_OF_TWO",
        "least-loaded, LEAST_LOADED",
        "device-aware-weighted, DEVICE_AWARE_WEIGHTED"
    })
    void modesAreSpelledAsDynamoSpellsThem(String flag, RoutingMode mode) {
        assertThat(RoutingMode.parse(flag)).isEqualTo(mode);
        assertThat(mode.flag()).isEqualTo(flag);
    }

    @Test
    void anUnknownModeIsRefusedWithTheModesThereAre() {
        assertThatThrownBy(() -> RoutingMode.parse("best"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("best")
                .hasMessageContaining("kv, round-robin, random, power-of-two, least-loaded");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void aBadTemperatureIsRefusedByItsName(double value) {
        assertThatThrownBy(
                        () ->
                                new RouterConfig(
                                        RoutingMode.KV,
                                        BLOCKS,
                                        value,
                                        Tracking.DEFAULT,
                                        BusyThresholds.NONE,
                                        Optional.empty(),
                                        8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("router-temperature")
                .hasMessageContaining(Double.toString(value));
    }

    @Test
    void aThroughputRatioBelowOneIsRefusedByItsFlag() {
        assertThatThrownBy(() -> RouterConfig.DEFAULT.withDeviceThroughputRatio(0))
                .hasMessageContaining("encoder-cuda-to-cpu-ratio must be positive: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"time", "blocks", "lmetric"})
    void costModelsAreNamed(String flag) {
        assertThat(CostModel.parse(flag, BlockPrices.DEFAULT).flag()).isEqualTo(flag);
    }

    @Test
    void anUnknownCostModelIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> CostModel.parse("money", BlockPrices.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("money")
                .hasMessageContaining("time, blocks, lmetric");
    }
}
