package dev.stator.replay.load.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.replay.load.plan.MadeRequests.Limit;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

class ScheduleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RequestShapes SHAPES = new RequestShapes(40, 16, 2, 8);

    private static Limit limit(long requests, long nanos) {
        return new Limit(requests, nanos, 77);
    }

    private static List<Long> first(LongSupplier times, int count) {
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(times.getAsLong());
        }
        return found;
    }

    /// Runs a schedule on a virtual clock where every answer takes so long.
    ///
    /// @return when each request was due, in the order of starting
    private static List<Long> play(RequestSource source, long answerNanos) {
        var schedule = new Schedule(source);
        Deque<PlannedRequest> running = new ArrayDeque<>();
        Deque<Long> ends = new ArrayDeque<>();
        List<Long> dues = new ArrayList<>();
        while (schedule.first().isPresent() || !running.isEmpty()) {
            long due = schedule.first().map(PlannedRequest::dueNanos).orElse(Long.MAX_VALUE);
            if (!ends.isEmpty() && ends.getFirst() <= due) {
                schedule.ended(running.removeFirst(), ends.removeFirst());
            } else {
                running.add(schedule.take());
                ends.add(due + answerNanos);
                dues.add(due);
            }
        }
        return dues;
    }

    @Test
    void aConstantRateDoesNotDrift() {
        LongSupplier times = Arrivals.constant(3);

        assertThat(first(times, 4)).containsExactly(0L, 333_333_333L, 666_666_667L, SECOND);
        assertThat(first(times, 3_000).getLast()).isEqualTo(3_003L * SECOND / 3);
    }

    @Test
    void poissonGapsHaveTheMeanAndTheSpreadOfTheirRate() {
        List<Long> times = first(Arrivals.poisson(50, new SplittableRandom(5)), 20_000);

        assertThat(times).isSorted();
        assertThat(times.getLast() / 1e9).isBetween(390.0, 410.0);
        double squares = 0;
        for (int i = 1; i < times.size(); i++) {
            double gap = (times.get(i) - times.get(i - 1)) / 1e9;
            squares += gap * gap;
        }
        assertThat(squares / times.size() / (0.02 * 0.02)).isBetween(1.9, 2.1);
    }

    @Test
    void anOpenLoopStartsOnTimeHoweverLongAnswersTake() {
        var source = MadeRequests.open(SHAPES, limit(5, 100 * SECOND), Arrivals.constant(1));

        assertThat(play(source, 1_000 * SECOND))
                .containsExactly(0L, SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND);
    }

    @Test
    void usersWaitForTheirAnswersAndThink() {
        var source = MadeRequests.closed(SHAPES, limit(6, 100 * SECOND), 2, SECOND);

        assertThat(play(source, 4 * SECOND))
                .containsExactly(0L, 0L, 5 * SECOND, 5 * SECOND, 10 * SECOND, 10 * SECOND);
    }

    @Test
    void nothingIsDueAfterTheEnd() {
        var open = MadeRequests.open(SHAPES, limit(1_000, 2 * SECOND), Arrivals.constant(2));
        var closed = MadeRequests.closed(SHAPES, limit(1_000, 9 * SECOND), 1, SECOND);

        assertThat(play(open, SECOND)).hasSize(5);
        assertThat(play(closed, 4 * SECOND)).containsExactly(0L, 5 * SECOND);
    }

    @Test
    void groupsShareTheirBeginningAndNothingElse() {
        var tokens = new BlockTokens(1_000, 500);
        List<PromptBlocks> prompts = List.of(prompt(0), prompt(1), prompt(2));

        assertThat(prompts).allMatch(it -> it.tokens() == 40);
        assertThat(tokens.ids(prompts.get(0)).slice(0, 16))
                .isEqualTo(tokens.ids(prompts.get(2)).slice(0, 16))
                .isNotEqualTo(tokens.ids(prompts.get(1)).slice(0, 16));
        assertThat(tokens.ids(prompts.get(0)).slice(16, 40))
                .isNotEqualTo(tokens.ids(prompts.get(2)).slice(16, 40));
        assertThat(tokens.ids(prompts.get(0)).slice(0, 16))
                .isNotEqualTo(tokens.ids(SHAPES.prompt(0, 78)).slice(0, 16));
    }

    private static PromptBlocks prompt(long number) {
        return SHAPES.prompt(number, 77);
    }

    @Test
    void tokensOfABlockDependOnItsNameAlone() {
        var tokens = new BlockTokens(10, 90);
        var whole = tokens.ids(new PromptBlocks(new long[] {5, 6}, 4, 8));
        var cut = tokens.ids(new PromptBlocks(new long[] {7, 6}, 4, 6));

        assertThat(cut.slice(4, 6)).isEqualTo(whole.slice(4, 6));
        assertThat(tokens.ids(new PromptBlocks(new long[] {6}, 4, 4)))
                .as("wherever it stands")
                .isEqualTo(whole.slice(4, 8));
        for (int i = 0; i < whole.size(); i++) {
            assertThat(whole.get(i)).isBetween(10, 99);
        }
        assertThat(tokens.text(new PromptBlocks(new long[] {5}, 4, 3)))
                .matches("([a-z]{2,4} ){3}")
                .isEqualTo(tokens.text(new PromptBlocks(new long[] {5, 9}, 4, 3)));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Arrivals.constant(0)).hasMessageContaining("rate");
        assertThatThrownBy(() -> new RequestShapes(8, 9, 1, 1)).hasMessageContaining("prefix");
        assertThatThrownBy(() -> new PromptBlocks(new long[] {1}, 4, 5))
                .hasMessageContaining("1 to 1 x 4 tokens: 5");
        assertThatThrownBy(() -> MadeRequests.closed(SHAPES, limit(1, 1), 0, 0))
                .hasMessageContaining("users");
    }
}
