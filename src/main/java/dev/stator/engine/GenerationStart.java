package dev.stator.engine;

import dev.stator.kv.cache.WorkerId;

import java.util.Optional;

/// What is known when an engine begins with a prompt.
///
/// @param worker the name of the worker that runs it
/// @param cachedTokens prompt tokens whose KV was found in the worker's cache
/// @param id of the worker, where a fleet was asked
public record GenerationStart(String worker, int cachedTokens, Optional<WorkerId> id) {

    /// From an engine that is no fleet.
    public GenerationStart(String worker, int cachedTokens) {
        this(worker, cachedTokens, Optional.empty());
    }
}
