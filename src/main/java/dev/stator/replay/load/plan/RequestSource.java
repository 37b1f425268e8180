package dev.stator.replay.load.plan;

import java.util.Optional;

/// What a run sends. Not thread-safe.
public interface RequestSource {

    /// The next request that waits for no answer, in the order of their due times; empty when there
    /// are no more.
    Optional<PlannedRequest> next();

    /// The request that waited for the end of `ended`, if there is one.
    ///
    /// @param endNanos when that was, since the run began
    Optional<PlannedRequest> after(PlannedRequest ended, long endNanos);

    /// How many requests there will be, as far as it is known; 0 when it is not.
    long size();
}
