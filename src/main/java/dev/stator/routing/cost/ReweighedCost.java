package dev.stator.routing.cost;

import dev.stator.routing.load.WorkerLoad;

/// Another cost function with other weights of what is cached and of what is to be computed, for a
/// single request.
///
/// ```
/// bare = inner, as if all were cached and nobody waited for a prefill
/// cost = bare + scale · (inner with cached · credit  -  bare)
/// ```
///
/// @param credit part of what is cached that counts
/// @param prefillScale weight of what is to be computed, here and by those before
public record ReweighedCost(CostFunction inner, double credit, double prefillScale)
        implements CostFunction {

    @Override
    public double price(Prompt prompt, CacheView cache, WorkerLoad load) {
        double bare = bare(prompt, cache, load);
        return bare + prefillScale * (inner.price(prompt, credited(cache), load) - bare);
    }

    @Override
    public RoutingCost explain(Prompt prompt, CacheView cache, WorkerLoad load) {
        return inner.explain(prompt, credited(cache), load)
                .changed(price(prompt, cache, load), "overrides");
    }

    private double bare(Prompt prompt, CacheView cache, WorkerLoad load) {
        int all = prompt.tokens() / prompt.blockSizeTokens();
        return inner.price(
                prompt, new CacheView(all, 0, 0, cache.turnover()), load.withoutPrefill());
    }

    private CacheView credited(CacheView cache) {
        return new CacheView(
                (int) Math.round(credit * cache.deviceBlocks()),
                cache.hostBlocks(),
                cache.diskBlocks(),
                cache.turnover());
    }
}
