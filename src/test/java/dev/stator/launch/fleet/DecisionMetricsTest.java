package dev.stator.launch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.metrics.Metrics;
import dev.stator.routing.CostModel;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.explain.DecisionLog;
import dev.stator.routing.explain.DecisionRecord;
import dev.stator.routing.explain.DecisionRecord.RefusalReason;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.explain.DecisionRecord.Verdict.Chosen;
import dev.stator.routing.explain.Decisions;
import dev.stator.routing.explain.Decisions.Stand;
import dev.stator.routing.explain.LadderReading;

import org.junit.jupiter.api.Test;

class DecisionMetricsTest {
    private static final CostModel TIME = new CostModel.Time(TimePrices.DEFAULT);

    private final Metrics metrics = Metrics.withPrefix("x");
    private final DecisionMetrics counted = new DecisionMetrics(metrics);
    private final DecisionLog log = new DecisionLog(DecisionLog.Limits.DEFAULT, () -> Decisions.AT);

    @Test
    void aChoiceAndWhatCameOfItAreCounted() {
        DecisionRecord decided =
                decide(Decisions.cheapest(TIME, new Stand(1, 11, 0, 0), new Stand(2, 0, 0, 0)));
        counted.onEnded(log.complete(decided, Decisions.outcome(160, 56)));

        assertThat(metrics.text())
                .contains(
                        "x_router_decisions_total{mode=\"kv\",model=\"demo\",outcome=\"chosen\"}"
                                + " 1.0",
                        "dynamo_component_router_kv_hit_rate_sum{model=\"demo\"} 0.88",
                        "dynamo_router_overhead_scheduling_ms_count{model=\"demo\"} 1",
                        "x_router_ttft_error_seconds_sum{model=\"demo\"} 0.03",
                        "x_router_cached_tokens_error_sum{model=\"demo\"} -16.0")
                .doesNotContain("overlap_blocks_lost_sum", "selections_total{");
    }

    @Test
    void aBetterHolderThatIsNotChosenIsCounted() {
        decide(Decisions.cheapest(TIME, new Stand(1, 11, 2, 900), new Stand(2, 3, 0, 0)));

        assertThat(metrics.text())
                .contains(
                        "router_non_max_overlap_selections_total{model=\"demo\"} 1.0",
                        "router_overlap_blocks_lost_sum{model=\"demo\"} 8.0");
    }

    @Test
    void modesThatDoNotLookAtCachesSayNothingOfThem() {
        decide(Decisions.first(RoutingMode.RANDOM, 0, new Stand(1, 0, 0, 0)));
        decide(new Verdict.Refused(RefusalReason.NO_WORKER, 0, ""));

        assertThat(metrics.text())
                .contains("mode=\"random\"", "mode=\"\",model=\"demo\",outcome=\"no_worker\"} 1.0")
                .doesNotContain("kv_hit_rate_sum");
    }

    @Test
    void theLadderIsShownByRung() {
        DecisionMetrics.showLadder(
                () -> new LadderReading(2, 100, new long[] {80, 60, 50, 40, 30}), metrics);

        assertThat(metrics.text())
                .contains(
                        "x_kv_hit_ladder_ratio{rung=\"ideal\"} 0.8",
                        "x_kv_hit_ladder_ratio{rung=\"achieved\"} 0.3");
    }

    private DecisionRecord decide(RoutingChoice choice) {
        return decide(new Chosen(choice, 0, false));
    }

    private DecisionRecord decide(Verdict verdict) {
        DecisionRecord decided = log.add(Decisions.asked("r1", 1), verdict);
        counted.onDecided(decided);
        return decided;
    }
}
