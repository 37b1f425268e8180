package dev.stator.launch.fleet;

import dev.stator.platform.metrics.Counter;
import dev.stator.platform.metrics.Histogram;
import dev.stator.platform.metrics.Labelled;
import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.explain.DecisionListener;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.PromptSize;
import dev.stator.routing.explain.DecisionRecord.Verdict.Chosen;
import dev.stator.routing.explain.DecisionRecord.Verdict.Refused;
import dev.stator.routing.explain.LadderReading;
import dev.stator.routing.explain.Rung;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Counts decisions, how well they foretold what came, and how much was cached; by Dynamo's names
/// where it has them.
final class DecisionMetrics implements DecisionListener {
    private static final double[] RATIOS = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
    private static final double[] BLOCKS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096};
    private static final double[] DECIDING_MILLIS = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100
    };
    private static final double[] ERROR_SECONDS = {
        -10, -3, -1, -0.3, -0.1, -0.03, -0.01, 0, 0.01, 0.03, 0.1, 0.3, 1, 3, 10
    };
    private static final double[] ERROR_TOKENS = {
        -16_384, -4_096, -1_024, -256, -64, -16, -1, 0, 1, 16, 64, 256, 1_024, 4_096, 16_384
    };
    private static final String MODEL = "model";

    private final Labelled<Counter> decisions;
    private final Labelled<Histogram> deciding;
    private final Labelled<Histogram> hitRate;
    private final Labelled<Counter> nonMaxOverlap;
    private final Labelled<Histogram> overlapLost;
    private final Labelled<Histogram> firstTokenError;
    private final Labelled<Histogram> cachedTokensError;

    DecisionMetrics(Metrics metrics) {
        Metrics router = metrics.renamed("dynamo_component_router");
        decisions =
                metrics.counter(
                        "router_decisions_total",
                        "Decisions of the router, and why none was made.",
                        MODEL,
                        "mode",
                        "outcome");
        deciding =
                metrics.renamed("dynamo_router_overhead")
                        .histogram(
                                "scheduling_ms",
                                "How long choosing a worker took.",
                                DECIDING_MILLIS,
                                MODEL);
        hitRate =
                router.histogram(
                        "kv_hit_rate",
                        "Part of the prompt that the chosen worker was believed to hold.",
                        RATIOS,
                        MODEL);
        nonMaxOverlap =
                router.counter(
                        "non_max_overlap_selections_total",
                        "Decisions for a worker that holds less of the prompt than another.",
                        MODEL);
        overlapLost =
                router.histogram(
                        "overlap_blocks_lost",
                        "Blocks that the best holder had more, where it was not chosen.",
                        BLOCKS,
                        MODEL);
        firstTokenError =
                metrics.histogram(
                        "router_ttft_error_seconds",
                        "Time to the first token less the router's estimate of it.",
                        ERROR_SECONDS,
                        MODEL);
        cachedTokensError =
                metrics.histogram(
                        "router_cached_tokens_error",
                        "Prompt tokens found in the cache less those the router expected there.",
                        ERROR_TOKENS,
                        MODEL);
    }

    /// Shows the rungs of the last minutes, all models together.
    static void showLadder(Supplier<LadderReading> lately, Metrics metrics) {
        metrics.gauges(
                "kv_hit_ladder_ratio",
                "Part of the prompts that was cached lately, or might have been.",
                "rung",
                () -> ratios(lately.get()));
    }

    @Override
    public void onDecided(DecisionRecord decided) {
        Asked asked = decided.asked();
        deciding.with(asked.target().model()).observe(seconds(asked.timing().took()) * 1e3);
        switch (decided.verdict()) {
            case Chosen(RoutingChoice choice, _, _) -> chosen(decided, choice);
            case Refused(var reason, _, _) ->
                    decisions.with(asked.target().model(), "", reason.label()).increment();
        }
    }

    @Override
    public void onEnded(DecisionRecord ended) {
        Outcome outcome = ended.outcome().orElseThrow();
        String model = ended.asked().target().model();
        if (outcome.timeToFirstToken().isEmpty()) {
            return;
        }
        Duration real = outcome.timeToFirstToken().get();
        Duration expected = ended.predictedTimeToFirstToken().orElse(real);
        firstTokenError.with(model).observe(seconds(real) - seconds(expected));
        if (ended.looksAtCaches()) {
            int more = outcome.cachedTokens() - ended.predictedCachedTokens();
            cachedTokensError.with(model).observe(more);
        }
    }

    private void chosen(DecisionRecord decided, RoutingChoice choice) {
        String model = decided.asked().target().model();
        decisions.with(model, choice.policy().mode().flag(), "chosen").increment();
        if (!decided.looksAtCaches()) {
            return;
        }
        PromptSize prompt = decided.asked().prompt();
        hitRate.with(model).observe(decided.predictedCachedTokens() / (double) prompt.tokens());
        int lost = decided.bestOverlapBlocks() - choice.overlapBlocks();
        if (lost > 0) {
            nonMaxOverlap.with(model).increment();
            overlapLost.with(model).observe(lost);
        }
    }

    private static Map<String, Double> ratios(LadderReading lately) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Rung rung : Rung.values()) {
            ratios.put(rung.label(), lately.ratio(rung));
        }
        return ratios;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
