package dev.stator.engine;

/// @param promptTokens length of the prompt
/// @param cachedTokens those of them that were not computed again
/// @param outputTokens tokens delivered, the stop token included
public record TokenUsage(int promptTokens, int cachedTokens, int outputTokens) {}
