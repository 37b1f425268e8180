package dev.stator.routing.eligibility;

import dev.stator.kv.cache.WorkerId;

/// Passes over workers that have enough to do. Thread-safe: what is set holds from the next
/// decision on.
public final class BusyFilter {
    private final ReportedUse reported;
    private volatile BusyThresholds thresholds;

    /// @param reported what workers carry by their own word
    public BusyFilter(BusyThresholds thresholds, ReportedUse reported) {
        this.thresholds = thresholds;
        this.reported = reported;
    }

    public BusyThresholds thresholds() {
        return thresholds;
    }

    /// Changes those thresholds that `newer` has; returns what holds now.
    public synchronized BusyThresholds update(BusyThresholds newer) {
        thresholds = thresholds.updated(newer);
        return thresholds;
    }

    /// Whether no worker is ever busy now.
    public boolean isOff() {
        return thresholds.equals(BusyThresholds.NONE);
    }

    /// Whether a worker is busy, by what is booked on it or by what it reports.
    ///
    /// @param bookedBlocks KV blocks of its running requests
    /// @param prefillTokens booked tokens that wait for their prefill
    public boolean isBusy(
            WorkerId worker, Capacity capacity, long bookedBlocks, long prefillTokens) {
        BusyThresholds now = thresholds;
        return !now.equals(BusyThresholds.NONE)
                && (now.areExceededByPrefill(capacity, prefillTokens)
                        || now.areExceeded(
                                capacity, Math.max(bookedBlocks, reported.usedBlocks(worker))));
    }
}
