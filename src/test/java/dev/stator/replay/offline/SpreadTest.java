package dev.stator.replay.offline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.DoubleStream;

class SpreadTest {
    @Test
    void theWorstSeedDecidesAndTheMiddleOneIsShown() {
        Spread spread = Spread.of(DoubleStream.of(3.3, 3.0, 3.1));

        assertThat(spread.least()).isEqualTo(3.0);
        assertThat(spread.most()).isEqualTo(3.3);
        assertThat(spread.text(2)).isEqualTo("3.10 ±0.15");
    }

    @Test
    void noDistanceIsShownWhereThereIsNone() {
        assertThat(Spread.of(DoubleStream.of(0.35, 0.35, 0.3502)).text(3)).isEqualTo("0.350");
    }

    @Test
    void changesAreShownInPercentWithTheirSign() {
        assertThat(Spread.of(DoubleStream.of(-0.25, -0.26, -0.27)).percent())
                .isEqualTo("-26.0 ±1.0 %");
        assertThat(Spread.of(DoubleStream.of(0.02)).percent()).isEqualTo("+2.0 %");
    }
}
