package dev.stator.routing.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DrainRateTest {
    private static final long SECOND = 1_000_000_000;

    private final DrainRate rate = new DrainRate();

    @Test
    void aSteadyRateIsFound() {
        rate.begin(0);
        for (int i = 1; i <= 20; i++) {
            rate.left(100, i * SECOND);
        }

        assertThat(rate.tokensPerSecond(20 * SECOND).orElseThrow()).isCloseTo(100, within(6.0));
    }

    @Test
    void fewDeparturesOrALittleTimeTellNothing() {
        rate.begin(0);
        for (int i = 1; i <= 3; i++) {
            rate.left(100, i * SECOND);
            assertThat(rate.tokensPerSecond(i * SECOND)).isEmpty();
        }
        rate.left(100, 4 * SECOND);
        assertThat(rate.tokensPerSecond(4 * SECOND)).isPresent();

        var brief = new DrainRate();
        brief.begin(0);
        for (int i = 1; i <= 9; i++) {
            brief.left(100, i * SECOND / 100);
        }
        assertThat(brief.tokensPerSecond(9 * SECOND / 100)).isEmpty();
    }

    @Test
    void whatIsLongPastCountsLess() {
        rate.begin(0);
        for (int i = 1; i <= 20; i++) {
            rate.left(1_000, i * SECOND);
        }
        for (int i = 21; i <= 60; i++) {
            rate.left(10, i * SECOND);
        }

        assertThat(rate.tokensPerSecond(60 * SECOND).orElseThrow()).isBetween(10.0, 40.0);
    }

    @Test
    void nobodyLeavingIsSlow() {
        rate.begin(0);
        for (int i = 1; i <= 10; i++) {
            rate.left(100, i * SECOND);
        }

        assertThat(rate.tokensPerSecond(40 * SECOND).orElseThrow()).isLessThan(10);
    }
}
