package dev.stator.routing.cost;

import dev.stator.routing.cost.RoutingCost.Term;
import dev.stator.routing.cost.RoutingCost.Unit;
import dev.stator.routing.load.WorkerLoad;

import java.util.List;

/// Charges a worker for the prefill it cannot reuse and for the load it already carries: Dynamo's
/// cost functions (1.4).
///
/// ```
/// raw     = (A + L) / B
/// decay   = 1 / (1 + d · ((A - A_min) / B) / ceil(L / B))
/// credit  = c · decay · device + h · host + k · disk
/// prefill = max(raw - credit, 0)
/// cost    = p · prefill + D + r · N          additive
/// cost    = prefill · (D + 1)                "lmetric"
/// ```
///
/// A booked prefill tokens, L prompt tokens, B block size, D decode blocks, N active requests;
/// c, d, h, k, p and r as configured.
public record BlockCost(BlockPrices prices, boolean isProduct) implements CostFunction {

    /// The additive one.
    public BlockCost(BlockPrices prices) {
        this(prices, false);
    }

    @Override
    public double price(Prompt prompt, CacheView cache, WorkerLoad load) {
        return total(prefill(prompt, cache, load), load);
    }

    @Override
    public RoutingCost explain(Prompt prompt, CacheView cache, WorkerLoad load) {
        double prefill = prefill(prompt, cache, load);
        List<Term> terms =
                List.of(
                        new Term("raw", raw(prompt, load)),
                        new Term("credit", credit(prompt, cache, load)),
                        new Term(
                                "prefill",
                                isProduct ? prefill : prices.prefillLoadScale() * prefill),
                        new Term("decode", load.decodeBlocks()),
                        new Term("requests", isProduct ? 0 : requests(load)));
        Unit unit = isProduct ? Unit.SQUARE_BLOCKS : Unit.BLOCKS;
        return new RoutingCost(unit, total(prefill, load), terms);
    }

    private double total(double prefill, WorkerLoad load) {
        return isProduct
                ? prefill * (load.decodeBlocks() + 1)
                : prices.prefillLoadScale() * prefill + load.decodeBlocks() + requests(load);
    }

    private double requests(WorkerLoad load) {
        return prices.decodeActiveRequestWeight() * load.activeRequests();
    }

    private double prefill(Prompt prompt, CacheView cache, WorkerLoad load) {
        return Math.max(raw(prompt, load) - credit(prompt, cache, load), 0);
    }

    private static double raw(Prompt prompt, WorkerLoad load) {
        return (load.prefillTokens() + prompt.tokens()) / (double) prompt.blockSizeTokens();
    }

    private double credit(Prompt prompt, CacheView cache, WorkerLoad load) {
        return prices.overlapScoreCredit()
                        * prompt.fading(prices.overlapScoreCreditDecay(), load)
                        * cache.deviceBlocks()
                + prices.hostCacheHitWeight() * cache.hostBlocks()
                + prices.diskCacheHitWeight() * cache.diskBlocks();
    }
}
