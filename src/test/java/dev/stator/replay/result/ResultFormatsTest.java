package dev.stator.replay.result;

import static dev.stator.replay.result.Runs.interrupted;
import static dev.stator.replay.result.Runs.report;
import static dev.stator.replay.result.Runs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.platform.codec.JsonField;
import dev.stator.replay.report.HtmlReport;
import dev.stator.replay.report.Report;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class ResultFormatsTest {
    private static final Distribution SECONDS = Distribution.of(new double[] {1, 2, 4}, 3);
    private static final RunResult WHOLE = run(20, 3, SECONDS);
    private static final ReplayReport STOPPED =
            report(
                    new PolicyResult("kv", List.of(WHOLE, run(30, 3, SECONDS))),
                    new PolicyResult("blocks", List.of(interrupted(WHOLE))));

    @Test
    void theTableHasTheMeanAndTheSpreadOfTheSeeds() {
        List<String> lines = ResultTable.of(STOPPED.policies()).lines().toList();

        assertThat(lines.getFirst()).startsWith("policy").contains("hit ratio");
        assertThat(words(lines.get(1))).startsWith("kv", "10", "0.2500");
        assertThat(words(lines.get(2))).startsWith("of", "2", "seeds", "±0", "±0.0500");
    }

    @Test
    void csvHasARowPerSeedUnderAHeaderOfTheSameLength() {
        List<String[]> rows = ResultCsv.of(STOPPED).lines().map(it -> it.split(",")).toList();

        assertThat(rows).hasSize(4).extracting(it -> it.length).containsOnly(rows.get(0).length);
        int hits = Arrays.asList(rows.get(0)).indexOf("hit_ratio_blocks");
        assertThat(rows).extracting(it -> it[hits]).endsWith("0.2", "0.3", "0.2");
        assertThat(rows).extracting(it -> it[0]).endsWith("\"t.jsonl\"", "\"t.jsonl\"");
    }

    @Test
    void jsonHasTheMeanAndTheRuns() {
        JsonField root = JsonField.root(ResultJson.of(STOPPED));
        JsonField kv = root.get("policies").items().getFirst();

        assertThat(root.get("hit_ratio_unbounded").number()).isEqualTo(0.4);
        assertThat(kv.get("hit_ratio_blocks").number()).isEqualTo(0.25);
        assertThat(kv.get("runs").items())
                .extracting(it -> it.get("hit_ratio_blocks").number())
                .containsExactly(0.2, 0.3);
    }

    @Test
    void anInterruptedPolicyIsMarkedInEveryForm() {
        List<JsonField> policies = JsonField.root(ResultJson.of(STOPPED)).get("policies").items();
        List<String> csv = ResultCsv.of(STOPPED).lines().toList();

        assertThat(policies)
                .extracting(it -> it.get("interrupted").bool())
                .containsExactly(false, true);
        assertThat(policies.getLast().get("policy").string()).isEqualTo("blocks");
        assertThat(csv.getFirst()).endsWith(",interrupted");
        assertThat(csv)
                .extracting(it -> it.endsWith(",true"))
                .containsExactly(false, false, false, true);
        assertThat(ResultTable.of(STOPPED.policies()))
                .contains("\nkv ")
                .contains("\nblocks (interrupted) ");
    }

    @Test
    void everyPartOfThePageMarksTheInterruptedPolicy() {
        Report page = ResultPage.of(STOPPED, Map.of());

        assertThat(page.sections()).hasSize(5);
        for (Report.Section section : page.sections()) {
            assertThat(section.toString())
                    .contains("blocks (interrupted)")
                    .doesNotContain("kv (interrupted)");
        }
        assertThat(HtmlReport.of(page)).contains("blocks (interrupted)");
    }

    @Test
    void aMeanIsNeverOverAnInterruptedRun() {
        assertThatThrownBy(() -> new PolicyResult("kv", List.of(WHOLE, interrupted(WHOLE))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> words(String line) {
        return List.of(line.strip().split(" +"));
    }
}
