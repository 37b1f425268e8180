package dev.stator.routing.eligibility;

import dev.stator.kv.cache.WorkerId;

import java.util.Set;

/// A worker as far as it matters to whether it may serve a request.
public interface Placeable {

    WorkerId worker();

    /// The kinds of worker it says it is, as in `gpu=h100`.
    Set<String> taints();

    /// What it has loaded besides the model.
    Set<String> adapters();
}
