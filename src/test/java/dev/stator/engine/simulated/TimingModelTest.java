package dev.stator.engine.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The expected figures are the polynomials worked out by hand.
class TimingModelTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 16.51660386", "1000, 32.1058589", "8192, 169.1369184"})
    void prefillGrowsWithTheTokens(int tokens, double millis) {
        assertThat(TimingModel.prefillMillis(tokens)).isCloseTo(millis, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"0, 5.74", "0.5, 26.31", "1, 34.01", "3, 34.01"})
    void decodeGrowsWithTheUseOfTheCache(double usage, double millis) {
        assertThat(TimingModel.decodeMillis(usage)).isCloseTo(millis, within(1e-9));
    }

    @Test
    void speedUpsAreNotNegative() {
        assertThatThrownBy(() -> new TimingModel(-1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefill -1.0");
        assertThatThrownBy(() -> new TimingModel(1, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
