package dev.stator.replay.offline;

import dev.stator.replay.offline.Score.Verdict;
import dev.stator.replay.trace.Trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Q8: what late, lost and repeated events cost.
final class EventScores {
    private EventScores() {}

    static List<Score> all() {
        var scores = new ArrayList<Score>();
        for (String name : List.of("conversation", "synthetic")) {
            Trace trace = Traces.mooncake(name);
            SeededRuns undisturbed = SeededRuns.of(trace, "kv", ReplayConfig.DEFAULT);
            scores.add(compare(name + ", 50 ms late", trace, undisturbed, late(50)));
            scores.add(compare(name + ", 500 ms late", trace, undisturbed, late(500)));
            scores.add(
                    compare(
                            name + ", 50 ms late, 10 % twice",
                            trace,
                            undisturbed,
                            new EventDelivery(Duration.ofMillis(50), 0, 0.1, Duration.ZERO)));
            scores.add(
                    compare(
                            name + ", 5 % lost, repaired in 1 s",
                            trace,
                            undisturbed,
                            new EventDelivery(Duration.ZERO, 0.05, 0, Duration.ofSeconds(1))));
        }
        return scores;
    }

    private static Score compare(
            String name, Trace trace, SeededRuns undisturbed, EventDelivery delivery) {
        SeededRuns runs = SeededRuns.of(trace, "kv", ReplayConfig.DEFAULT.with(delivery));
        Spread drop =
                undisturbed.with(
                        runs,
                        (whole, less) ->
                                100
                                        * (whole.cache().hitRatioBlocks()
                                                - less.cache().hitRatioBlocks()));
        return new Score(
                "Q8",
                name,
                "hit ratio drop <= 1 point",
                "",
                "%s points, %s".formatted(drop.text(2), runs.times()),
                Verdict.of(drop.most() <= 1, true));
    }

    private static EventDelivery late(int millis) {
        return new EventDelivery(Duration.ofMillis(millis), 0, 0, Duration.ofSeconds(1));
    }
}
