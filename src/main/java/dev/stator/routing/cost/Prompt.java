package dev.stator.routing.cost;

import dev.stator.routing.load.Speeds;
import dev.stator.routing.load.WorkerLoad;

/// What is the same for all workers that are compared.
///
/// @param tokens length of the prompt, at least 1
/// @param outputTokens length of the answer, as foretold or as usual
/// @param leastPrefillTokens the smallest `prefillTokens` of the workers
/// @param meanTurnover of the workers' caches, see `CacheView`
/// @param meanBusy of the workers, see `WorkerLoad.Pace`
/// @param speeds of a usual worker
/// @param hot what others ask for too
public record Prompt(
        int tokens,
        int blockSizeTokens,
        double outputTokens,
        long leastPrefillTokens,
        double meanTurnover,
        double meanBusy,
        Speeds speeds,
        HotPrefix hot) {

    /// Of which only lengths matter.
    public Prompt(int tokens, int blockSizeTokens, long leastPrefillTokens) {
        this(tokens, blockSizeTokens, 0, leastPrefillTokens, 0, 0, Speeds.PRIOR, HotPrefix.NONE);
    }

    /// What is left of a credit at a worker with more queued prefill than the least loaded one.
    ///
    /// @param decay how fast it fades; 0 for not at all
    double fading(double decay, WorkerLoad load) {
        double blockSize = blockSizeTokens;
        double excessBlocks = (load.prefillTokens() - leastPrefillTokens) / blockSize;
        double promptBlocks = Math.ceil(tokens / blockSize);
        return 1 / (1 + decay * excessBlocks / promptBlocks);
    }
}
