package dev.stator.replay.load.plan;

/// One request of a run.
///
/// @param number from 0, in the order of planning
/// @param dueNanos when it is to start, since the run began
/// @param outputTokens how many it asks for
/// @param user who sends it, where users or sessions wait for their answers; otherwise 0
public record PlannedRequest(
        long number, long dueNanos, PromptBlocks prompt, int outputTokens, int user) {}
