package dev.stator.routing.affinity;

import dev.stator.kv.cache.WorkerId;

/// Where a session belongs, and what it left there.
///
/// @param contextTokens of its last prompt; 0 when not known
public record Bond(WorkerId worker, long contextTokens) {}
