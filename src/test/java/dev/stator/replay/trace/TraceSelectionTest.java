package dev.stator.replay.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.replay.trace.TraceRequest.Turn;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class TraceSelectionTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void sessionsWithTooLongPromptsAndSubAgentsAreLeftOutAndTheOthersCloseUp() {
        Trace trace =
                trace(
                        call("long", "", 0, 900),
                        call("a", "", 30 * SECOND, 100),
                        call("a/x", "a", 31 * SECOND, 100),
                        call("a", "", 45 * SECOND, 100),
                        call("b", "", 60 * SECOND, 100),
                        call("c", "", 90 * SECOND, 100));

        Trace part = TraceSelection.firstSessions(trace, 2, 500);

        assertThat(part.requests().stream().map(it -> it.turn().orElseThrow().session()))
                .containsExactly("a", "a", "b");
        assertThat(part.requests().stream().map(it -> it.arrivalNanos() / SECOND))
                .containsExactly(0L, 15L, 30L);
    }

    @Test
    void aSharedPrefixEndsWhereASessionLeavesItsFirstPrompt() {
        Trace trace =
                new Trace(
                        "test",
                        64,
                        List.of(
                                request("a", BlockIds.of(1, 2, 3)),
                                request("b", BlockIds.of(11, 12, 13)),
                                request("a", BlockIds.of(1, 9, 10))));

        List<TraceRequest> shared = TraceSelection.sharePrefix(trace, 2).requests();

        long[] a = shared.get(0).blocks().toArray();
        long[] b = shared.get(1).blocks().toArray();
        long[] later = shared.get(2).blocks().toArray();
        assertThat(b[0]).isEqualTo(a[0]);
        assertThat(b[1]).isEqualTo(a[1]);
        assertThat(a[2]).isEqualTo(3);
        assertThat(b[2]).isEqualTo(13);
        assertThat(later).containsExactly(a[0], 9, 10);
    }

    @Test
    void theFirstRequestsAreAtMostAll() {
        Trace trace = trace(call("a", "", 0, 1), call("b", "", 1, 1));

        assertThat(TraceSelection.firstRequests(trace, 1).requests()).hasSize(1);
        assertThat(TraceSelection.firstRequests(trace, 5).requests()).hasSize(2);
    }

    private static Trace trace(TraceRequest... requests) {
        return new Trace("test", 64, List.of(requests));
    }

    private static TraceRequest call(String session, String parent, long nanos, int tokens) {
        var turn = new Turn(session, 0, 0, Optional.of(parent).filter(it -> !it.isEmpty()));
        return new TraceRequest(nanos, tokens, 1, BlockIds.NONE, Optional.of(turn));
    }

    private static TraceRequest request(String session, BlockIds blocks) {
        var turn = new Turn(session, 0, 0, Optional.empty());
        return new TraceRequest(0, 64 * blocks.count(), 1, blocks, Optional.of(turn));
    }
}
