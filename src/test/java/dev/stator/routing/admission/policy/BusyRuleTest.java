package dev.stator.routing.admission.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.OptionalDouble;
import java.util.OptionalLong;

class BusyRuleTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    @Test
    void eitherThresholdMakesAWorkerBusy() {
        var rule = new BusyRule(OptionalLong.of(1_000), OptionalDouble.of(0.5), NONE);

        assertThat(rule.isBusy(256, 512)).isFalse();
        assertThat(rule.isBusy(257, 512)).isTrue();
        assertThat(rule.isBusy(1_000, 8_192)).isFalse();
        assertThat(rule.isBusy(1_001, 8_192)).isTrue();
        assertThat(BusyRule.NEVER.isBusy(1_000_000, 512)).isFalse();
        assertThat(BusyRule.NEVER.isEverMet()).isFalse();
        assertThat(rule.isEverMet()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        ", 2, 3, false",
        ", 3, 3, true",
        ", 0, 0, false",
        "0.5, 1, 3, false",
        "0.5, 1, 2, true",
        "0.5, 2, 3, true",
        "0.5, 0, 0, false",
        "0.95, 1, 2, false",
        "0.95, 2, 2, true",
        "0.95, 121, 128, false",
        "0.95, 122, 128, true",
    })
    void enoughBusyWorkersAreAllOfThemOrAPart(Double ratio, int busy, int workers, boolean isMet) {
        var rule =
                new BusyRule(
                        OptionalLong.of(0), NONE, ratio == null ? NONE : OptionalDouble.of(ratio));

        assertThat(rule.isMet(busy, workers)).isEqualTo(isMet);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new BusyRule(OptionalLong.of(-1), NONE, NONE))
                .hasMessageContaining("must be finite, not negative")
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new BusyRule(OptionalLong.of(1), NONE, OptionalDouble.of(16)))
                .hasMessage("busy worker ratio must be in (0, 1]: 16.0");
        assertThatThrownBy(() -> new BusyRule(OptionalLong.empty(), NONE, OptionalDouble.of(0.5)))
                .hasMessage("busy worker ratio 0.5 needs a prefill threshold");
    }
}
