package dev.stator.engine.batching;

/// Hears of every step on the step thread, and once more when the engine becomes idle.
@FunctionalInterface
public interface StepListener {

    StepListener NONE = _ -> {};

    /// Must not block.
    void onStep(StepReport report);
}
