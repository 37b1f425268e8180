package dev.stator.runtime.events.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceWatchTest {
    private final SequenceWatch watch = new SequenceWatch(2);

    @Test
    void nothingIsMissingWhereNumbersFollowEachOther() {
        assertThat(watch.missing(7, 100)).isZero();
        assertThat(watch.missing(7, 101)).isZero();
        assertThat(watch.missing(8, 0)).isZero();
        assertThat(watch.missing(7, 102)).isZero();
    }

    @Test
    void aJumpIsWhatIsMissing() {
        watch.missing(7, 0);
        assertThat(watch.missing(7, 4)).isEqualTo(3);
        assertThat(watch.missing(7, 5)).isZero();
    }

    @Test
    void publishersThatShareAnIdAreNotBelieved() {
        watch.missing(7, 50);
        assertThat(watch.missing(7, 0)).isZero();
        assertThat(watch.missing(7, 51)).isZero();
        assertThat(watch.missing(7, 99)).isZero();
    }

    @Test
    void afterAReportedLossItBeginsAnew() {
        watch.missing(7, 0);
        watch.forget();
        assertThat(watch.missing(7, 10)).isZero();
        assertThat(watch.missing(7, 12)).isOne();
    }

    @Test
    void thePublisherNotHeardForLongestIsForgotten() {
        watch.missing(1, 0);
        watch.missing(2, 0);
        watch.missing(1, 1);
        watch.missing(3, 0);
        assertThat(watch.missing(1, 3)).isOne();
        assertThat(watch.missing(2, 9)).isZero();
    }
}
