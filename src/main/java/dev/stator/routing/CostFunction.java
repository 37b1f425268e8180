package dev.stator.routing;

/// Prices one worker for one request. Pure.
@FunctionalInterface
public interface CostFunction {

    /// @param overlapBlocks leading blocks of the prompt that the worker has cached
    RoutingCost price(Prompt prompt, int overlapBlocks, WorkerLoad load);

    /// What is the same for all workers.
    ///
    /// @param tokens length of the prompt, at least 1
    /// @param leastPrefillTokens the smallest `prefillTokens` of the workers that are compared
    record Prompt(int tokens, int blockSizeTokens, long leastPrefillTokens) {}
}
