package dev.stator.replay.offline;

import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.result.ResultTable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `make replay`: how good routing is, measured on the traces of the repository. Ends with 1 when a
/// first bar is missed.
final class Scoreboard {
    private Scoreboard() {}

    public static void main(String[] ids) {
        long begin = System.nanoTime();
        List<String> wanted = List.of(ids);
        var scores = new ArrayList<Score>();
        for (Part part : parts()) {
            if (wanted.isEmpty() || wanted.contains(part.id())) {
                List<Score> found = part.scores().get();
                found.forEach(it -> System.out.println(String.join("  ", it.cells())));
                scores.addAll(found);
            }
        }
        List<List<String>> rows =
                Stream.concat(Stream.of(Score.HEADER), scores.stream().map(Score::cells)).toList();
        System.out.println();
        System.out.print(ResultTable.leftAligned(rows));
        System.out.printf(
                "%nThe middle one of %d seeds ± half their distance; every seed must keep the bar."
                        + " %.0f s.%n",
                SeededRuns.SEEDS, (System.nanoTime() - begin) / 1e9);
        boolean isMissed = scores.stream().anyMatch(it -> it.verdict() == Verdict.MISSED);
        System.exit(isMissed ? 1 : 0);
    }

    private static List<Part> parts() {
        return List.of(
                new Part("Q0", ReferenceScores::all),
                new Part("Q1", HitScores::conversation),
                new Part("Q2", HitScores::synthetic),
                new Part("Q3", HitScores::agentic),
                new Part("Q4", TimeScores::conversation),
                new Part("Q5", TimeScores::withoutReuse),
                new Part("Q6", HitScores::trap),
                new Part("Q7", DecodeScores::customers),
                new Part("Q8", EventScores::all),
                new Part("Q9", TimeScores::speed));
    }

    private record Part(String id, Supplier<List<Score>> scores) {}
}
