package dev.stator.routing.cost;

import dev.stator.routing.load.WorkerLoad;

/// Prices one worker for one request. Pure; lower is better.
public interface CostFunction {

    double price(Prompt prompt, CacheView cache, WorkerLoad load);

    /// The same price, term by term.
    RoutingCost explain(Prompt prompt, CacheView cache, WorkerLoad load);
}
