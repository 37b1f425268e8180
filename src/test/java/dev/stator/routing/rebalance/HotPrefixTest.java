package dev.stator.routing.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.routing.rebalance.HotPrefixLoad.Outcome;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A prefix that is asked for ten times as often as one worker could serve it.
class HotPrefixTest {
    private static final double BALANCE_MAX = 1.2;

    @ParameterizedTest
    @ValueSource(longs = {2, 7, 11, 17, 28})
    void oneRouterSpreadsItAndSaysSo(long seed) {
        Outcome outcome = new HotPrefixLoad(seed).run(1, true);
        System.out.printf(
                "hot prefix, seed %d: balance %.3f, hit ratio %.3f, %d holders, %d events%n",
                seed,
                outcome.balance(),
                outcome.hitRatio(),
                outcome.holders(),
                outcome.heard().size());
        assertThat(outcome.balance()).isLessThanOrEqualTo(BALANCE_MAX);
        assertThat(outcome.heard()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 7, 11, 17, 28})
    void twoRoutersMakeTheSameHolders(long seed) {
        Outcome outcome = new HotPrefixLoad(seed).run(2, true);
        assertThat(outcome.balance()).isLessThanOrEqualTo(BALANCE_MAX);
        assertThat(outcome.heard()).isNotEmpty();
    }

    /// Each knows of half the load only.
    @ParameterizedTest
    @ValueSource(longs = {2, 7, 11, 17, 28})
    void twoRoutersThatKeepTheirBookingsToThemselvesSpreadItToo(long seed) {
        Outcome outcome = new HotPrefixLoad(seed).run(2, false);
        assertThat(outcome.balance()).isLessThanOrEqualTo(BALANCE_MAX);
        assertThat(outcome.heard()).isNotEmpty();
    }
}
