package dev.stator.engine.batching;

/// What an engine did in its last step and how full it is after it.
///
/// @param stepNanos time the executor took, 0 when there was no step
/// @param waitingRequests without blocks: never begun, preempted, or paused before they could run
/// @param waitingTokens prompt tokens of requests that have not begun
/// @param usedBlocks held by running sequences
/// @param cachedBlocks a later request may find, held or not
/// @param preemptions since the engine opened
/// @param promptTokens of all requests that have begun since then
/// @param cachedTokens those of them that were found in the cache
public record StepReport(
        int decodeTokens,
        int prefillTokens,
        long stepNanos,
        int runningSequences,
        int waitingRequests,
        long waitingTokens,
        int usedBlocks,
        int cachedBlocks,
        int totalBlocks,
        long preemptions,
        long promptTokens,
        long cachedTokens) {

    /// What two engines do together; their steps are as long as the longer one.
    public StepReport and(StepReport other) {
        return new StepReport(
                decodeTokens + other.decodeTokens,
                prefillTokens + other.prefillTokens,
                Math.max(stepNanos, other.stepNanos),
                runningSequences + other.runningSequences,
                waitingRequests + other.waitingRequests,
                waitingTokens + other.waitingTokens,
                usedBlocks + other.usedBlocks,
                cachedBlocks + other.cachedBlocks,
                totalBlocks + other.totalBlocks,
                preemptions + other.preemptions,
                promptTokens + other.promptTokens,
                cachedTokens + other.cachedTokens);
    }

    /// What can be said of an engine that is known by its requests alone.
    public static StepReport running(int requests) {
        return new StepReport(0, 0, 0, requests, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
