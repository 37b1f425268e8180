package dev.stator.replay.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.replay.load.ledger.Discrepancies;
import dev.stator.replay.report.HtmlReport;

import org.junit.jupiter.api.Test;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class LoadSummaryTest {
    private static final long MILLI = 1_000_000;
    private static final Slo SLO =
            new Slo(
                    Optional.of(Duration.ofMillis(50)),
                    Optional.of(Duration.ofMillis(10)),
                    Optional.empty());

    /// Due at 100 ms, first token `ttftMillis` later, 11 tokens in the 50 ms after.
    private static StreamOutcome outcome(long ttftMillis, Verdict verdict, String reason) {
        long first = (100 + ttftMillis) * MILLI;
        return new StreamOutcome(
                3,
                100 * MILLI,
                101 * MILLI,
                verdict == Verdict.REJECTED ? 0 : first,
                first + 50 * MILLI,
                9 * MILLI,
                new TokenCounts(64, 16, 11),
                true,
                verdict,
                reason,
                verdict == Verdict.FAILED ? new Discrepancies(2, 0, 0, 1) : Discrepancies.NONE);
    }

    private static LoadSummary summary() {
        var recorder = new LoadRecorder(SLO);
        recorder.sent(MILLI);
        recorder.arrived(130 * MILLI, 11);
        recorder.gap(9 * MILLI);
        recorder.ended(outcome(20, Verdict.COMPLETED, ""));
        recorder.ended(outcome(60, Verdict.COMPLETED, ""));
        recorder.ended(outcome(5, Verdict.REJECTED, "HTTP 429"));
        recorder.ended(outcome(800, Verdict.FAILED, "lost"));
        return recorder.summary(Map.of("model", "m"), "every token", OptionalLong.of(2));
    }

    @Test
    void goodIsWhatIsCompleteAndWithinItsLimits() {
        LoadSummary summary = summary();

        assertThat(summary.good()).isEqualTo(1);
        assertThat(summary.sent()).isEqualTo(4);
        assertThat(summary.elapsedNanos()).isEqualTo(950 * MILLI);
        assertThat(summary.isFaultless()).isFalse();
        assertThat(summary.tokens()).isEqualTo(new TokenCounts(256, 64, 44));
        assertThat(SLO.words()).isEqualTo("TTFT <= 50.0 ms, per token <= 10.0 ms");
    }

    @Test
    void latenciesCountFromWhenARequestWasDue() {
        LoadSummary.Latencies latencies = summary().latencies();

        assertThat(latencies.ttft().maxNanos()).isEqualTo(800 * MILLI);
        assertThat(latencies.ttft().count()).isEqualTo(3);
        assertThat(latencies.endToEnd().maxNanos()).isEqualTo(110 * MILLI);
        assertThat(latencies.perToken().maxNanos()).isEqualTo(5 * MILLI);
    }

    @Test
    void anAnswerOfOneTokenSaysNothingOfTheTimeBetweenTokens() {
        var recorder = new LoadRecorder(SLO);
        recorder.ended(
                new StreamOutcome(
                        1,
                        0,
                        MILLI,
                        5 * MILLI,
                        6 * MILLI,
                        0,
                        new TokenCounts(64, 0, 1),
                        true,
                        Verdict.COMPLETED,
                        "",
                        Discrepancies.NONE));

        LoadSummary.Latencies latencies =
                recorder.summary(Map.of(), "", OptionalLong.empty()).latencies();
        assertThat(latencies.perToken().count()).isZero();
        assertThat(latencies.endToEnd().count()).isEqualTo(1);
    }

    @Test
    void manyReasonsAreCountedTogether() {
        var recorder = new LoadRecorder(SLO);
        for (int i = 0; i < 100; i++) {
            recorder.ended(outcome(1, Verdict.REJECTED, "reason " + i));
        }
        recorder.ended(outcome(1, Verdict.REJECTED, "reason 5"));

        assertThat(recorder.summary(Map.of(), "", OptionalLong.empty()).reasons())
                .hasSize(65)
                .containsEntry("reason 5", 2L)
                .containsEntry("other reasons", 36L);
    }

    @Test
    void everyFormHasTheSameFigures() throws Exception {
        LoadSummary summary = summary();
        JsonField json = JsonField.root(Json.parse(LoadJson.of(summary), JsonLimits.REQUEST));

        assertThat(json.get("requests").get("completed").integer(0, 9)).isEqualTo(2);
        assertThat(json.get("requests").get("migrated").integer(0, 9)).isEqualTo(2);
        assertThat(json.get("latency_ms").get("end_to_end").get("max").number()).isEqualTo(110);
        assertThat(json.get("verification").get("lost").integer(0, 9)).isEqualTo(2);
        assertThat(LoadText.of(summary))
                .contains("4 sent, 2 completed, 1 rejected, 1 failed")
                .contains("1 x HTTP 429")
                .contains("2 lost, 0 repeated, 0 reordered, 1 wrong");
        assertThat(HtmlReport.of(LoadPage.of(summary, Map.of("command", "c"))))
                .contains("2 of 4 requests completed, 1 failed")
                .contains("because HTTP 429");
        var rows = new StringWriter();
        try (var csv = new LoadCsv(rows)) {
            csv.write(outcome(20, Verdict.COMPLETED, ""));
            csv.write(outcome(5, Verdict.REJECTED, "a \"b\""));
        }
        assertThat(rows.toString().lines())
                .containsExactly(
                        LoadCsv.HEAD.strip(),
                        "3,0.100000,0.101000,20.000,70.000,9.000,64,16,11,completed,,0,0,0,0",
                        "3,0.100000,0.101000,,55.000,9.000,64,16,11,rejected,\"a"
                                + " \"\"b\"\"\",0,0,0,0");
    }

    @Test
    void whatHappensIsKeptByPeriodsHoweverLongTheRun() {
        var periods = new Periods();
        periods.tokens(50 * MILLI, 5);
        periods.ended(51 * MILLI, true);
        periods.tokens(200_000 * MILLI, 7);

        assertThat(periods.list()).hasSizeLessThanOrEqualTo(512);
        assertThat(periods.list().stream().mapToLong(LoadSummary.Period::tokens).sum())
                .isEqualTo(12);
        assertThat(periods.list().getFirst().completed()).isEqualTo(1);
    }
}
