package dev.stator.replay.offline;

import dev.stator.replay.offline.Score.Verdict;

import java.util.Arrays;
import java.util.List;

/// Q0: the replay computes what another implementation has computed.
final class ReferenceScores {
    private ReferenceScores() {}

    static List<Score> all() {
        return Arrays.stream(ReferenceTable.values()).map(ReferenceScores::table).toList();
    }

    private static Score table(ReferenceTable table) {
        List<ReferenceTable.Row> rows = table.rows();
        int equal = 0;
        double farthest = 0;
        for (ReferenceTable.Row row : rows) {
            double distance =
                    table.compare(row)
                            .mapToDouble(ReferenceTable.Difference::distance)
                            .max()
                            .orElseThrow();
            farthest = Math.max(farthest, distance);
            equal += distance <= table.tolerance() ? 1 : 0;
        }
        return new Score(
                "Q0",
                table.file(),
                "within " + table.tolerance(),
                "",
                "%d of %d rows, farthest %.1e".formatted(equal, rows.size(), farthest),
                Verdict.of(equal == rows.size(), true));
    }
}
