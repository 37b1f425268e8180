package dev.stator.replay.result;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// A column of every form in which results are printed.
///
/// @param name in JSON and CSV
/// @param title in tables
/// @param decimals in tables
record Figure(String name, String title, int decimals, ToDoubleFunction<RunResult> value) {

    static final List<Figure> ALL =
            List.of(
                    new Figure("requests", "requests", 0, RunResult::requests),
                    new Figure(
                            "hit_ratio_blocks", "hit ratio", 4, it -> it.cache().hitRatioBlocks()),
                    new Figure(
                            "work_max_over_mean",
                            "work max/mean",
                            3,
                            it -> it.balance().workMaxOverMean()),
                    new Figure("ttft_mean_s", "TTFT mean s", 3, it -> it.ttft().mean()),
                    new Figure("ttft_p50_s", "p50", 3, it -> it.ttft().p50()),
                    new Figure("ttft_p90_s", "p90", 3, it -> it.ttft().p90()),
                    new Figure("ttft_p99_s", "p99", 3, it -> it.ttft().p99()),
                    new Figure("itl_mean_s", "ITL mean s", 4, it -> it.interToken().mean()),
                    new Figure("e2e_mean_s", "E2E mean s", 3, it -> it.endToEnd().mean()),
                    new Figure("e2e_p99_s", "p99", 3, it -> it.endToEnd().p99()),
                    new Figure("rejected", "rejected", 0, it -> it.outcomes().rejected()),
                    new Figure("failed", "failed", 0, it -> it.outcomes().failed()),
                    new Figure("migrated", "migrated", 0, it -> it.outcomes().migrated()),
                    new Figure("goodput_rps", "goodput/s", 2, RunResult::goodput),
                    new Figure("busy_fraction", "busy", 3, it -> it.balance().busyFraction()),
                    new Figure("wall_s", "wall s", 2, it -> it.wallTime().toNanos() / 1e9));
}
