package dev.stator.routing.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.TokenBlocks;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class RebalancerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Rebalancer rebalancer = new Rebalancer();

    @Test
    void aPrefixIsHotWhenItIsAskedForOften() {
        assertThat(rebalancer.isHot(1, 0)).isFalse();
        assertThat(rebalancer.isHot(1, 0)).isFalse();
        assertThat(rebalancer.isHot(1, 0)).isFalse();
        assertThat(rebalancer.isHot(1, 0)).isTrue();
        assertThat(rebalancer.isHot(1, 3_600 * SECOND)).isFalse();
    }

    @Test
    void theSameIsToldOnceInAPeriod() {
        List<Rebalance> heard = new ArrayList<>();
        rebalancer.listen(heard::add);
        assertThat(rebalancer.tell(move(1, 7), 0)).contains(move(1, 7));
        assertThat(rebalancer.tell(move(1, 7), 9 * SECOND)).isEmpty();
        assertThat(rebalancer.tell(move(1, 8), 9 * SECOND)).isPresent();
        assertThat(rebalancer.tell(move(1, 7), 10 * SECOND)).isPresent();
        assertThat(heard).containsExactly(move(1, 7), move(1, 8), move(1, 7));
    }

    @Test
    void notMoreThanALimitIsToldPerSecond() {
        int told = 0;
        for (int i = 0; i < 3 * Rebalancer.TOLD_PER_SECOND_MAX; i++) {
            told += rebalancer.tell(move(i, 7), SECOND).isPresent() ? 1 : 0;
        }
        assertThat(told).isEqualTo(Rebalancer.TOLD_PER_SECOND_MAX);
        assertThat(rebalancer.tell(move(-1, 7), 2 * SECOND)).isPresent();
    }

    private static Rebalance move(long prefix, long to) {
        return new Rebalance(TokenBlocks.of(16, 3, prefix), new WorkerId(1), new WorkerId(to), 1.5);
    }
}
