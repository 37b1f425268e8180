package dev.stator.engine.batching;

/// Computes one step of a model. Called by one thread at a time.
@FunctionalInterface
public interface StepExecutor extends AutoCloseable {

    /// Writes the KV of every slice into its blocks and puts a token for each slice that samples.
    ///
    /// What a sequence gets must not depend on how its tokens are cut into slices nor on what else
    /// is in the step. An exception ends the generations of this plan and no others.
    void execute(StepPlan plan, StepOutput output);

    /// Frees what the executor holds; no step follows.
    @Override
    default void close() {}
}
