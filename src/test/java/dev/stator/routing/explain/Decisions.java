package dev.stator.routing.explain;

import dev.stator.kv.cache.WorkerId;
import dev.stator.routing.CostModel;
import dev.stator.routing.RoutingChoice;
import dev.stator.routing.RoutingChoice.Compared;
import dev.stator.routing.RoutingChoice.Estimate;
import dev.stator.routing.RoutingChoice.Policy;
import dev.stator.routing.RoutingChoice.Priced;
import dev.stator.routing.RoutingMode;
import dev.stator.routing.cost.CacheView;
import dev.stator.routing.cost.HotPrefix;
import dev.stator.routing.cost.Prompt;
import dev.stator.routing.cost.RoutingCost;
import dev.stator.routing.cost.RoutingCost.Term;
import dev.stator.routing.cost.RoutingCost.Unit;
import dev.stator.routing.cost.TimeCost;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.explain.DecisionRecord.Asked;
import dev.stator.routing.explain.DecisionRecord.End;
import dev.stator.routing.explain.DecisionRecord.EndKind;
import dev.stator.routing.explain.DecisionRecord.Outcome;
import dev.stator.routing.explain.DecisionRecord.PromptSize;
import dev.stator.routing.explain.DecisionRecord.Target;
import dev.stator.routing.explain.DecisionRecord.Timing;
import dev.stator.routing.explain.DecisionRecord.Verdict;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.load.Speeds;
import dev.stator.routing.load.Tracking;
import dev.stator.routing.load.WorkerLoad;
import dev.stator.routing.load.WorkerLoad.Pace;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.tokens.TokenBlocks;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// Decisions for tests, about a prompt of 200 tokens in 12 blocks of 16.
public final class Decisions {
    public static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private static final PromptSize SIZE = new PromptSize(200, 12, 16);
    private static final Prompt PROMPT =
            new Prompt(
                    200,
                    16,
                    20,
                    0,
                    0,
                    0,
                    new Speeds(0.002, 0.001, 0, 0.01, 0.001, 20),
                    HotPrefix.NONE);

    private Decisions() {}

    /// A worker before it has a price.
    ///
    /// @param prefillTokens that wait there, a millisecond each
    public record Stand(long id, int cachedBlocks, int activeRequests, long prefillTokens) {}

    /// By the mode `kv`, the cheapest of them.
    public static RoutingChoice cheapest(CostModel model, Stand... stands) {
        Priced[] priced = priced(model, stands);
        return choice(RoutingMode.KV, model, 0, priced[0], priced);
    }

    /// Worker 1 before worker 2, by one term of the price in seconds alone. Neither has anything of
    /// the prompt.
    ///
    /// @param busy the part of the time that the second computes; the first does half as much
    public static RoutingChoice decidedBy(String term, double busy) {
        Priced selected = costing(1, new Term(term, 1), busy / 2);
        Priced other = costing(2, new Term(term, 2), busy);
        var model = new CostModel.Time(TimePrices.DEFAULT);
        return choice(RoutingMode.KV, model, 0, selected, selected, other);
    }

    private static Priced costing(long id, Term term, double busy) {
        return new Priced(
                new WorkerId(id),
                CacheView.of(0),
                new WorkerLoad(0, 0, 12, 0, 0, new Pace(0, 1, 0, busy, 0)),
                new RoutingCost(Unit.SECONDS, term.value(), List.of(term)),
                new Estimate(0, 0.2));
    }

    /// By any mode, the first of them.
    public static RoutingChoice first(RoutingMode mode, double temperature, Stand... stands) {
        var model = new CostModel.Time(TimePrices.DEFAULT);
        Priced selected = priced(model, stands[0]);
        return choice(mode, model, temperature, selected, priced(model, stands));
    }

    /// The same, made a replication from the worker that holds most of the prompt.
    public static RoutingChoice replicating(RoutingChoice choice, int blocks) {
        Priced holder =
                choice.candidates().stream()
                        .max(Comparator.comparingInt(Priced::overlapBlocks))
                        .orElseThrow();
        var rebalance =
                new Rebalance(
                        TokenBlocks.of(16, LongStream.range(0, blocks).toArray()),
                        holder.worker(),
                        choice.worker(),
                        holder.estimate().waitSeconds());
        return new RoutingChoice(
                choice.policy(),
                choice.worker(),
                choice.overlapBlocks(),
                choice.promptBlocks(),
                choice.compared(),
                choice.candidates(),
                Optional.of(rebalance));
    }

    private static RoutingChoice choice(
            RoutingMode mode,
            CostModel model,
            double temperature,
            Priced selected,
            Priced... priced) {
        return new RoutingChoice(
                new Policy(mode, model.flag(), temperature),
                selected.worker(),
                selected.overlapBlocks(),
                12,
                new Compared(priced.length, 0, 0),
                Arrays.asList(priced));
    }

    private static Priced[] priced(CostModel model, Stand... stands) {
        return Arrays.stream(stands)
                .map(it -> priced(model, it))
                .sorted(Comparator.comparingDouble(it -> it.cost().total()))
                .toArray(Priced[]::new);
    }

    private static Priced priced(CostModel model, Stand stand) {
        double wait = stand.prefillTokens() / 1e3;
        int blocks = 4 * stand.activeRequests();
        var load =
                new WorkerLoad(
                        stand.prefillTokens(),
                        blocks,
                        blocks + 12,
                        0,
                        stand.activeRequests(),
                        new Pace(wait, 1, 0, 0, stand.activeRequests()));
        CacheView cache = CacheView.of(stand.cachedBlocks());
        double prefill = new TimeCost(TimePrices.DEFAULT).prefillSeconds(PROMPT, cache, load);
        return new Priced(
                new WorkerId(stand.id()),
                cache,
                load,
                model.function(ConfigOverrides.NONE, Tracking.DEFAULT).explain(PROMPT, cache, load),
                new Estimate(wait, prefill));
    }

    public static Asked asked(String id, int attempt) {
        var timing = new Timing(AT, Duration.ZERO, Duration.ofNanos(21_000));
        return new Asked(id, new Target("demo", Optional.empty()), attempt, SIZE, timing);
    }

    /// The first attempt of a request for an adapter.
    public static Asked askedFor(String adapter, String id) {
        Asked asked = asked(id, 1);
        return new Asked(id, new Target("demo", Optional.of(adapter)), 1, SIZE, asked.timing());
    }

    /// The first attempt of "r1", as it is while the request runs.
    public static DecisionRecord decided(Verdict verdict) {
        return new DecisionRecord(0, asked("r1", 1), verdict, Optional.empty());
    }

    public static DecisionRecord decided(RoutingChoice choice) {
        return decided(new Verdict.Chosen(choice, 0, false));
    }

    /// Ended well after half a second.
    public static Outcome outcome(int cachedTokens, int firstTokenMillis) {
        return new Outcome(
                new End(EndKind.STOP, ""),
                cachedTokens,
                25,
                Optional.of(Duration.ofMillis(firstTokenMillis)),
                Duration.ofMillis(500));
    }
}
