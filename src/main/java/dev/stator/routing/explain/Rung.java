package dev.stator.routing.explain;

import java.util.Locale;

/// One step down from the hit ratio that would be ideal to the one that was achieved.
public enum Rung {
    /// One cache without bounds, which every request goes to.
    IDEAL,
    /// One cache as large as those of all workers together, least recently used goes first.
    CAPACITY_BOUND,
    /// The worker that held most of each prompt, whatever its load.
    BEST_WORKER,
    /// What the router believed the selected worker to hold.
    PREDICTED,
    /// What the workers said they found in their caches.
    ACHIEVED;

    /// As JSON and metrics name it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
