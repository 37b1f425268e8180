package dev.stator.engine;

/// What is known when an engine begins with a prompt.
///
/// @param worker the name of the worker that runs it
/// @param cachedTokens prompt tokens whose KV was found in the worker's cache
public record GenerationStart(String worker, int cachedTokens) {}
