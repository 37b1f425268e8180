package dev.stator.replay.load.result;

/// Tokens of one request or of many.
///
/// @param prompt as the server counts them; as planned when it does not say
/// @param cached of the prompt, found in a cache
/// @param output that arrived
public record TokenCounts(long prompt, long cached, long output) {}
