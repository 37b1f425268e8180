package dev.stator.replay.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Routing policies side by side on one trace, under one load.
///
/// @param trace name of the trace
/// @param settings what was asked for, by the names of the flags, in the order to be shown
/// @param ladder what the trace allows whatever the policy
/// @param policies in the order in which they were asked for
public record ReplayReport(
        String trace, Map<String, String> settings, HitLadder ladder, List<PolicyResult> policies) {
    public ReplayReport {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        policies = List.copyOf(policies);
    }

    /// The hit ratios, in blocks, that bound every policy's.
    ///
    /// @param unbounded one cache that never evicts
    /// @param capacityBound one cache as large as those of all workers together
    public record HitLadder(double unbounded, double capacityBound) {}
}
