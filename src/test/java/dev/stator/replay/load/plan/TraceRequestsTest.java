package dev.stator.replay.load.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.replay.trace.BlockIds;
import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.replay.trace.TraceRequest.Turn;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class TraceRequestsTest {
    private static final long SECOND = 1_000_000_000L;

    private static TraceRequest request(double second, int tokens, Optional<Turn> turn) {
        long arrival = Math.round(second * SECOND);
        return new TraceRequest(arrival, tokens, 0, BlockIds.of(4, 5), turn);
    }

    private static Optional<Turn> turn(String session, int number, int thinkSeconds) {
        return Optional.of(new Turn(session, number, thinkSeconds * SECOND, Optional.empty()));
    }

    @Test
    void requestsComeAtTheirArrivalDividedByTheSpeed() {
        var trace =
                new Trace(
                        "t",
                        16,
                        List.of(
                                request(0, 20, Optional.empty()),
                                request(3, 32, Optional.empty())));
        var source = new TraceRequests(trace, 2);

        PlannedRequest first = source.next().orElseThrow();
        PlannedRequest second = source.next().orElseThrow();

        assertThat(first.dueNanos()).isZero();
        assertThat(first.prompt().tokens()).isEqualTo(20);
        assertThat(first.outputTokens()).isEqualTo(1);
        assertThat(second.dueNanos()).isEqualTo(3 * SECOND / 2);
        assertThat(source.next()).isEmpty();
        assertThat(source.after(first, SECOND)).isEmpty();
        assertThat(source.size()).isEqualTo(2);
    }

    @Test
    void aStepOfASessionWaitsForItsAnswerAndThinks() {
        var trace =
                new Trace(
                        "t",
                        16,
                        List.of(
                                request(0, 20, turn("a", 0, 0)),
                                request(1, 20, turn("b", 0, 0)),
                                request(2, 20, turn("a", 1, 4)),
                                request(3, 20, turn("a", 2, 2))));
        var source = new TraceRequests(trace, 1);

        PlannedRequest first = source.next().orElseThrow();
        PlannedRequest other = source.next().orElseThrow();
        assertThat(source.next()).isEmpty();

        PlannedRequest second = source.after(first, 10 * SECOND).orElseThrow();
        assertThat(second.dueNanos()).isEqualTo(14 * SECOND);
        assertThat(source.after(other, 11 * SECOND)).isEmpty();
        assertThat(source.after(second, 20 * SECOND).map(PlannedRequest::dueNanos))
                .contains(22 * SECOND);
    }

    @Test
    void theNextStepTakesItsPlaceAmongThoseThatWaitForNobody() {
        var trace =
                new Trace(
                        "t",
                        16,
                        List.of(
                                request(0, 20, turn("a", 0, 0)),
                                request(0, 20, turn("a", 1, 4)),
                                request(3, 20, Optional.empty()),
                                request(9, 20, Optional.empty())));
        var schedule = new Schedule(new TraceRequests(trace, 1));
        schedule.ended(schedule.take(), SECOND);

        assertThat(List.of(schedule.take(), schedule.take(), schedule.take()))
                .extracting(PlannedRequest::dueNanos)
                .containsExactly(3 * SECOND, 5 * SECOND, 9 * SECOND);
        assertThat(schedule.first()).isEmpty();
    }

    @Test
    void equalBlocksAreEqualTokensAndSpeedZeroIsAtOnce() {
        var trace =
                new Trace(
                        "t",
                        16,
                        List.of(
                                request(5, 32, Optional.empty()),
                                request(9, 40, Optional.empty())));
        var source = new TraceRequests(trace, 0);
        var tokens = new BlockTokens(0, 1_000);

        PlannedRequest first = source.next().orElseThrow();
        PlannedRequest second = source.next().orElseThrow();

        assertThat(second.dueNanos()).isZero();
        assertThat(second.prompt().tokens()).as("what the blocks hold").isEqualTo(32);
        assertThat(tokens.ids(first.prompt())).isEqualTo(tokens.ids(second.prompt()));
    }
}
