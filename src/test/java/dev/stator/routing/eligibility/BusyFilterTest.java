package dev.stator.routing.eligibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.kv.cache.WorkerId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

class BusyFilterTest {
    private static final WorkerId WORKER = new WorkerId(1);
    private static final Capacity CAPACITY = new Capacity(100, 512);
    private static final OptionalDouble NO_FRACTION = OptionalDouble.empty();
    private static final OptionalLong NO_TOKENS = OptionalLong.empty();

    private final Map<WorkerId, Long> reports = new HashMap<>();

    @Test
    void anyThresholdIsEnoughAndNoneIsNone() {
        var thresholds =
                new BusyThresholds(
                        OptionalDouble.of(0.5), OptionalLong.of(300), OptionalDouble.of(0.5));
        BusyFilter filter = filter(thresholds);

        assertThat(filter.isBusy(WORKER, CAPACITY, 50, 256)).isFalse();
        assertThat(filter.isBusy(WORKER, CAPACITY, 51, 0)).isTrue();
        assertThat(filter.isBusy(WORKER, CAPACITY, 0, 257)).isTrue();
        assertThat(filter.isBusy(WORKER, new Capacity(100, 1_000), 0, 300)).isFalse();
        assertThat(filter.isBusy(WORKER, new Capacity(100, 1_000), 0, 301)).isTrue();
        assertThat(filter(BusyThresholds.NONE).isBusy(WORKER, CAPACITY, 100, 100_000)).isFalse();
    }

    @Test
    void aFractionOfAnUnknownBatchNeverHolds() {
        BusyFilter filter =
                filter(new BusyThresholds(NO_FRACTION, NO_TOKENS, OptionalDouble.of(0)));

        assertThat(filter.isBusy(WORKER, new Capacity(100, 0), 0, 1_000)).isFalse();
        assertThat(filter.isBusy(WORKER, CAPACITY, 0, 1)).isTrue();
    }

    @Test
    void whatAWorkerReportsCountsLikeWhatIsBookedOnIt() {
        BusyFilter filter =
                filter(new BusyThresholds(OptionalDouble.of(0.8), NO_TOKENS, NO_FRACTION));

        assertThat(filter.isBusy(WORKER, CAPACITY, 10, 0)).isFalse();
        reports.put(WORKER, 81L);
        assertThat(filter.isBusy(WORKER, CAPACITY, 10, 0)).isTrue();
        assertThat(filter.isBusy(new WorkerId(2), CAPACITY, 10, 0)).isFalse();
        reports.put(WORKER, 0L);
        assertThat(filter.isBusy(WORKER, CAPACITY, 81, 0)).isTrue();
    }

    @Test
    void anUpdateChangesWhatItHasAndLeavesTheRest() {
        BusyFilter filter =
                filter(new BusyThresholds(OptionalDouble.of(0.8), NO_TOKENS, NO_FRACTION));
        var both =
                new BusyThresholds(
                        OptionalDouble.of(0.8), OptionalLong.of(7), OptionalDouble.empty());

        assertThat(filter.update(new BusyThresholds(NO_FRACTION, OptionalLong.of(7), NO_FRACTION)))
                .isEqualTo(both);
        assertThat(filter.update(BusyThresholds.NONE)).isEqualTo(both);
        assertThat(filter.isBusy(WORKER, CAPACITY, 0, 8)).isTrue();
        assertThat(
                        filter.update(
                                new BusyThresholds(
                                        OptionalDouble.of(1), NO_TOKENS, OptionalDouble.of(2))))
                .isEqualTo(
                        new BusyThresholds(
                                OptionalDouble.of(1), OptionalLong.of(7), OptionalDouble.of(2)));
    }

    @Test
    void noWorkerHasMoreThanAllItsBlocks() {
        assertThatThrownBy(() -> new BusyThresholds(OptionalDouble.of(1.1), NO_TOKENS, NO_FRACTION))
                .hasMessage("active-decode-blocks-threshold must be in [0.0, 1.0]: 1.1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void wrongThresholdsAreRefusedByTheirNames(double value) {
        OptionalDouble wrong = OptionalDouble.of(value);
        assertThatThrownBy(() -> new BusyThresholds(wrong, NO_TOKENS, NO_FRACTION))
                .hasMessage("active-decode-blocks-threshold must be in [0.0, 1.0]: " + value);
        assertThatThrownBy(() -> new BusyThresholds(NO_FRACTION, NO_TOKENS, wrong))
                .hasMessage(
                        "active-prefill-tokens-threshold-frac must be finite, not negative: "
                                + value);
        assertThatThrownBy(() -> new BusyThresholds(NO_FRACTION, OptionalLong.of(-1), NO_FRACTION))
                .hasMessage("active-prefill-tokens-threshold must not be negative: -1");
    }

    private BusyFilter filter(BusyThresholds thresholds) {
        return new BusyFilter(thresholds, worker -> reports.getOrDefault(worker, 0L));
    }
}
