package dev.stator.replay.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.replay.offline.ReferenceTable.Row;

import org.junit.jupiter.api.Test;

import java.util.function.Predicate;

/// `make replay` compares every row; here are those that fit into a few seconds.
class ReferenceTableTest {

    @Test
    void hitRatiosWithoutTimeAreThoseOfTheReference() {
        assertRows(ReferenceTable.HIT_RATIO, 20, row -> row.line().matches(".*,(5859|2048),8,.*"));
    }

    @Test
    void aSingleCacheKeepsWhatTheReferenceKeeps() {
        assertRows(ReferenceTable.CAPACITY_CURVE, 16, _ -> true);
    }

    @Test
    void agenticSessionsHitAsInTheReference() {
        assertRows(
                ReferenceTable.AGENTIC,
                4,
                row ->
                        row.cell("capacity_blocks_per_worker").equals("16384")
                                && row.line().matches(".*(sticky|balanced).*"));
    }

    @Test
    void queuesOfPrefillsWaitAsInTheReference() {
        assertRows(
                ReferenceTable.PREFILL_QUEUE,
                12,
                row ->
                        row.line().matches(".*,(4|8),5859,(2\\.073|1\\.25)e.*")
                                && row.line().matches(".*(cache|blocks|least_queue).*"));
    }

    private static void assertRows(ReferenceTable table, int rows, Predicate<Row> isChosen) {
        var chosen = table.rows().stream().filter(isChosen).toList();
        assertThat(chosen.size()).isEqualTo(rows);
        for (Row row : chosen) {
            assertThat(table.compare(row))
                    .as(row.line())
                    .allSatisfy(
                            it ->
                                    assertThat(it.distance())
                                            .as(it.toString())
                                            .isLessThanOrEqualTo(table.tolerance()));
        }
    }
}
