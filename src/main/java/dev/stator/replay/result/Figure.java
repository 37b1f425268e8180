package dev.stator.replay.result;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// A column of every form in which results are printed.
///
/// @param name in JSON and CSV
/// @param title in tables
/// @param decimals in tables
/// @param needs what must be other than 0 somewhere for the column to be shown in a table
record Figure(
        String name,
        String title,
        int decimals,
        ToDoubleFunction<RunResult> value,
        ToDoubleFunction<RunResult> needs) {

    static final List<Figure> ALL =
            List.of(
                    always("requests", "requests", 0, RunResult::requests),
                    always("hit_ratio_blocks", "hit ratio", 4, it -> it.cache().hitRatioBlocks()),
                    always(
                            "work_max_over_mean",
                            "work max/mean",
                            3,
                            it -> it.balance().workMaxOverMean()),
                    timed("ttft_mean_s", "TTFT mean s", it -> it.ttft().mean()),
                    timed("ttft_p50_s", "p50", it -> it.ttft().p50()),
                    timed("ttft_p90_s", "p90", it -> it.ttft().p90()),
                    timed("ttft_p99_s", "p99", it -> it.ttft().p99()),
                    decoded("itl_mean_s", "ITL mean s", 4, it -> it.interToken().mean()),
                    decoded("e2e_mean_s", "E2E mean s", 3, it -> it.endToEnd().mean()),
                    decoded("e2e_p99_s", "p99", 3, it -> it.endToEnd().p99()),
                    decoded(
                            "output_tokens_per_s",
                            "tok/s",
                            0,
                            it -> it.flow().outputTokensPerSecond()),
                    timed("waiting_mean", "waiting", it -> it.flow().waiting()),
                    always("rejected", "rejected", 0, it -> it.outcomes().rejected()),
                    always("failed", "failed", 0, it -> it.outcomes().failed()),
                    always("migrated", "migrated", 0, it -> it.outcomes().migrated()),
                    always("goodput_rps", "goodput/s", 2, it -> it.flow().goodput()),
                    timed("busy_fraction", "busy", it -> it.balance().busyFraction()),
                    always("wall_s", "wall s", 2, it -> it.wallTime().toNanos() / 1e9));

    private static Figure always(
            String name, String title, int decimals, ToDoubleFunction<RunResult> value) {
        return new Figure(name, title, decimals, value, _ -> 1);
    }

    /// Of workers that take time.
    private static Figure timed(String name, String title, ToDoubleFunction<RunResult> value) {
        return new Figure(name, title, 3, value, it -> it.ttft().max());
    }

    /// Of workers that decode.
    private static Figure decoded(
            String name, String title, int decimals, ToDoubleFunction<RunResult> value) {
        return new Figure(name, title, decimals, value, it -> it.interToken().max());
    }

    /// Those that say something about these results.
    static List<Figure> shown(List<PolicyResult> policies) {
        return ALL.stream()
                .filter(
                        figure ->
                                policies.stream()
                                        .flatMap(it -> it.runs().stream())
                                        .anyMatch(it -> figure.needs.applyAsDouble(it) != 0))
                .toList();
    }
}
