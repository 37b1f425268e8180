package dev.stator.routing.eligibility;

import dev.stator.kv.cache.WorkerId;

/// What workers carry by their own word, whoever gave it to them. Thread-safe.
@FunctionalInterface
public interface ReportedUse {

    /// No worker says anything.
    ReportedUse NONE = _ -> 0;

    /// KV blocks its running sequences hold; 0 when it has not said so lately.
    long usedBlocks(WorkerId worker);
}
