package dev.stator.replay.offline.policy;

import java.util.Locale;

/// The schedulers of llm-d's comparison, as its endpoint picker was set in the report behind it
/// (llm-d-kv-cache, `benchmarking/73-capacity`, September 2025): each scores workers between 0 and
/// 1 by what it knows of them and takes the highest weighted sum.
///
/// The fourth scheduler of that comparison is `random`.
public enum LlmdScheduler {
    /// Hears of caches by events.
    LLMD_PRECISE(3, 2, 2),
    /// Believes that workers hold what it sent them lately.
    LLMD_APPROXIMATE(1, 1, 1),
    /// Knows nothing of caches.
    LLMD_LOAD(0, 1, 1);

    private final double prefixWeight;
    private final double queueWeight;
    private final double memoryWeight;

    LlmdScheduler(double prefixWeight, double queueWeight, double memoryWeight) {
        this.prefixWeight = prefixWeight;
        this.queueWeight = queueWeight;
        this.memoryWeight = memoryWeight;
    }

    /// `llmd_precise` and so on.
    public String flag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A policy over these workers.
    Policy over(Stage stage) {
        return new LlmdPolicy(this, stage);
    }

    /// The higher, the better.
    ///
    /// @param prefix how much of the prompt is held, from 0 to 1
    /// @param queue how short the queue is among those of all workers, from 0 to 1
    /// @param memory part of the cache that no running request uses
    double score(double prefix, double queue, double memory) {
        return prefixWeight * prefix + queueWeight * queue + memoryWeight * memory;
    }
}
