package dev.stator.replay.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stator.replay.report.HtmlReport;
import dev.stator.replay.report.Report;
import dev.stator.replay.report.Report.Bars;
import dev.stator.replay.report.Report.Moment;
import dev.stator.replay.report.Report.OverTime;
import dev.stator.replay.report.Report.Section;
import dev.stator.replay.report.Report.Table;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ResultPageTest {

    private static Report page(RunResult... runs) {
        return ResultPage.of(
                Runs.report(new PolicyResult("even", List.of(runs))), Map.of("machine", "m"));
    }

    private static <T extends Section> T section(Report page, Class<T> type) {
        return page.sections().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLadderGoesFromWhatCanBeToWhatWas() {
        Bars ladder = section(page(Runs.run(20, 3, Distribution.EMPTY)), Bars.class);

        assertThat(ladder.bars().stream().map(Report.Bar::share)).containsExactly(0.4, 0.3, 0.2);
        assertThat(ladder.bars().stream().map(Report.Bar::isBound))
                .containsExactly(true, true, false);
    }

    @Test
    void balanceIsTheMeanAndTheRangeAroundItInAHundredMomentsOrSo() {
        OverTime few = section(page(Runs.run(20, 3, Distribution.EMPTY)), OverTime.class);
        OverTime many = section(page(Runs.run(20, 1_000, Distribution.EMPTY)), OverTime.class);

        assertThat(few.series().getFirst().moments())
                .containsExactly(
                        new Moment(0.5, 10, 20, 30),
                        new Moment(1.5, 10, 20, 30),
                        new Moment(2.5, 10, 20, 30));
        assertThat(many.series().getFirst().moments()).hasSizeBetween(100, 120);
        assertThat(many.series().getFirst().moments().getFirst().value()).isEqualTo(9 * 20);
    }

    @Test
    void severalSeedsShowTheirSpread() {
        Table table =
                section(
                        page(
                                Runs.run(20, 3, Distribution.EMPTY),
                                Runs.run(30, 3, Distribution.EMPTY)),
                        Table.class);

        assertThat(table.columns()).containsSubsequence("policy", "hit ratio", "rejected");
        assertThat(table.rows().getFirst()).contains("even", "0.2500 ±0.0500", "1");
    }

    @Test
    void timeIsShownOnlyWhereItWasSimulated() {
        Distribution seconds = Distribution.of(new double[] {1, 2, 4}, 3);
        Report timed = page(Runs.run(20, 3, seconds));

        assertThat(page(Runs.run(20, 3, Distribution.EMPTY)).sections()).hasSize(3);
        assertThat(timed.sections()).hasSize(5);
        var curve = section(timed, Report.Distributions.class).curves().getFirst().points();
        assertThat(curve.getLast().value()).isCloseTo(4, within(1e-9));
        assertThat(curve.getLast().fraction()).isEqualTo(1);
        assertThat(HtmlReport.of(timed)).contains("Routing policies on t.jsonl");
    }
}
