package dev.stator.routing.eligibility;

/// What a worker can carry.
///
/// @param totalBlocks KV blocks it has
/// @param maxBatchTokens tokens of its largest batch, 0 when it does not say so
public record Capacity(int totalBlocks, int maxBatchTokens) {}
