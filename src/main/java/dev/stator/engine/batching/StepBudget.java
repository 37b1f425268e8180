package dev.stator.engine.batching;

/// How many prefill tokens a step gets: as many as keep it near the time target.
///
/// Shrinks in proportion when a step was too slow, at most by half, and grows by a quarter when a
/// step that used it all was clearly faster.
final class StepBudget {
    private static final double CLEARLY_FASTER = 0.8;

    private final BatchingConfig config;
    private final long targetNanos;
    private int prefillTokens;

    StepBudget(BatchingConfig config) {
        this.config = config;
        this.targetNanos = config.stepTimeTarget().toNanos();
        this.prefillTokens = config.initialPrefillTokens();
    }

    int prefillTokens() {
        return prefillTokens;
    }

    void observe(StepPlan plan, long stepNanos) {
        if (plan.prefillTokens() == 0) {
            return;
        }
        if (stepNanos > targetNanos) {
            double scale = Math.max(0.5, (double) targetNanos / stepNanos);
            prefillTokens = Math.max(config.minPrefillTokens(), (int) (prefillTokens * scale));
        } else if (plan.isPrefillExhausted() && stepNanos < CLEARLY_FASTER * targetNanos) {
            int grown = prefillTokens + Math.max(1, prefillTokens / 4);
            prefillTokens = Math.min(config.maxBatchTokens(), grown);
        }
    }
}
