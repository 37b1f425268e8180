package dev.stator.routing;

import dev.stator.routing.cost.BlockCost;
import dev.stator.routing.cost.BlockPrices;
import dev.stator.routing.cost.CostFunction;
import dev.stator.routing.cost.PrefillWeights;
import dev.stator.routing.cost.TimeCost;
import dev.stator.routing.cost.TimePrices;
import dev.stator.routing.hints.ConfigOverrides;
import dev.stator.routing.load.Tracking;

import java.util.OptionalDouble;

/// What the mode `kv` compares workers by.
public sealed interface CostModel {

    /// Estimated time, learned from the workers.
    record Time(TimePrices prices, PrefillWeights weights) implements CostModel {

        /// With the usual weights.
        public Time(TimePrices prices) {
            this(prices, PrefillWeights.DEFAULT);
        }
    }

    /// Blocks to compute and to hold, Dynamo's cost function.
    record Blocks(BlockPrices prices) implements CostModel {}

    /// The product of the two, Dynamo's "lmetric".
    record Lmetric(BlockPrices prices) implements CostModel {}

    /// For a request that sets some of the figures for itself.
    ///
    /// @param tracking what is charged to workers on behalf of it
    default CostFunction function(ConfigOverrides overrides, Tracking tracking) {
        OptionalDouble credit = overrides.overlapScoreCredit();
        OptionalDouble scale =
                tracking.prefillTokens() ? overrides.prefillLoadScale() : OptionalDouble.of(0);
        return switch (this) {
            case Time(var prices, var weights) ->
                    new TimeCost(prices, weights.with(credit, scale), tracking.outputBlocks());
            case Blocks(var prices) -> new BlockCost(prices.with(credit, scale));
            case Lmetric(var prices) -> new BlockCost(prices.with(credit, scale), true);
        };
    }

    /// `time`, `blocks` or `lmetric`.
    default String flag() {
        return switch (this) {
            case Time _ -> "time";
            case Blocks _ -> "blocks";
            case Lmetric _ -> "lmetric";
        };
    }

    /// Throws `IllegalArgumentException` that lists the models there are.
    ///
    /// @param prices of the cost of blocks; that of time takes its weights from them but for the
    ///     one of active requests, which it times itself
    static CostModel parse(String flag, BlockPrices prices) {
        return switch (flag) {
            case "time" ->
                    new Time(
                            TimePrices.DEFAULT.withHitWeights(
                                    prices.hostCacheHitWeight(), prices.diskCacheHitWeight()),
                            PrefillWeights.of(prices));
            case "blocks" -> new Blocks(prices);
            case "lmetric" -> new Lmetric(prices);
            default ->
                    throw new IllegalArgumentException(
                            "router-cost-model must be one of time, blocks, lmetric: \""
                                    + flag
                                    + "\"");
        };
    }
}
