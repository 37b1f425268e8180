package dev.stator.replay.trace.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.replay.trace.Trace;
import dev.stator.replay.trace.TraceRequest;
import dev.stator.replay.trace.TraceStatistics;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class GeneratorTest {

    @Test
    void theSameSeedMakesTheSameTrace() {
        assertThat(CustomerLoad.published(10, 60).trace(3))
                .isEqualTo(CustomerLoad.published(10, 60).trace(3))
                .isNotEqualTo(CustomerLoad.published(10, 60).trace(4));
        assertThat(SiblingLoad.agents(10, 60).trace(3))
                .isEqualTo(SiblingLoad.agents(10, 60).trace(3))
                .isNotEqualTo(SiblingLoad.agents(10, 60).trace(4));
        assertThat(SessionLoad.chat(10, 60).trace(3))
                .isEqualTo(SessionLoad.chat(10, 60).trace(3))
                .isNotEqualTo(SessionLoad.chat(10, 60).trace(4));
    }

    @Test
    void customersShareTheirContextAndUsersAskAgain() {
        Trace trace = CustomerLoad.published(20, 1_000).trace(1);
        TraceStatistics found = TraceStatistics.of(trace);

        assertThat(found.requests()).isCloseTo(20_000, within(500));
        assertThat(found.gapVariation()).isCloseTo(1, within(0.05));
        assertThat(found.input().max()).isEqualTo(7_200);
        assertThat(found.uniqueBlocks()).isEqualTo(150 * (375 + 5 * 75));
    }

    @Test
    void theLadderIsClimbedOneStageAfterTheOther() {
        List<TraceRequest> requests = CustomerLoad.ladder().trace(1).requests();
        List<Double> seconds = requests.stream().map(it -> it.arrivalNanos() / 1e9).toList();
        long pauses =
                IntStream.range(1, seconds.size())
                        .filter(i -> seconds.get(i) - seconds.get(i - 1) > 900)
                        .count();

        assertThat(requests).hasSizeBetween(16_700, 17_300);
        assertThat(pauses).isEqualTo(16);
        assertThat(seconds.stream().filter(it -> it < 51)).hasSizeBetween(670, 830);
        assertThat(seconds.stream().filter(it -> it > seconds.getLast() - 26))
                .hasSizeBetween(1_380, 1_620);
    }

    @Test
    void siblingsShareANewPrefixWithinHalfASecond() {
        Trace trace = SiblingLoad.agents(8, 500).trace(1);
        Map<Long, List<TraceRequest>> bursts =
                trace.requests().stream()
                        .collect(Collectors.groupingBy(it -> it.blocks().toArray()[0]));

        assertThat(bursts).hasSizeBetween(420, 580);
        assertThat(bursts.values()).allMatch(it -> it.size() == 8);
        assertThat(TraceStatistics.of(trace).uniqueBlocks())
                .isEqualTo(bursts.size() * (100L + 8 * 10));
        assertThat(bursts.values().stream().mapToDouble(GeneratorTest::seconds).average())
                .hasValueCloseTo(7 * 0.06, within(0.05));
    }

    private static double seconds(List<TraceRequest> burst) {
        return (burst.getLast().arrivalNanos() - burst.getFirst().arrivalNanos()) / 1e9;
    }

    @Test
    void sessionsGrowAndBeginWithAFewSystemPrompts() {
        Trace trace = SessionLoad.chat(20, 1_000).trace(1);
        TraceStatistics found = TraceStatistics.of(trace);

        assertThat(found.requests()).isCloseTo(20_000, within(2_000));
        assertThat(found.hitRatioBlocks()).isBetween(0.6, 0.95);
        assertThat(trace.requests().stream().map(it -> it.blocks().toArray()[0]).distinct())
                .hasSize(10);
    }

    @Test
    void aTurnContainsWhatWasSaidBefore() {
        Map<String, List<TraceRequest>> sessions =
                SessionLoad.chat(20, 300).trace(1).requests().stream()
                        .collect(Collectors.groupingBy(it -> it.turn().orElseThrow().session()));

        for (List<TraceRequest> turns : sessions.values()) {
            for (int i = 1; i < turns.size(); i++) {
                TraceRequest before = turns.get(i - 1);
                assertThat(turns.get(i).turn().orElseThrow().number()).isEqualTo(i);
                assertThat(turns.get(i).inputTokens())
                        .isGreaterThan(before.inputTokens() + before.outputTokens());
                assertThat(turns.get(i).blocks().toArray()).startsWith(before.blocks().toArray());
            }
        }
    }
}
