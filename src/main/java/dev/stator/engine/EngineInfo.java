package dev.stator.engine;

/// What an engine serves and how much it can hold.
///
/// @param model the name clients ask for
/// @param contextLengthTokens longest prompt plus output
/// @param blockSizeTokens tokens of one KV block
/// @param totalBlocks KV blocks it has
/// @param maxBatchTokens tokens of one step, prefill and decode together
/// @param maxSequences sequences of one step
public record EngineInfo(
        String model,
        int contextLengthTokens,
        int blockSizeTokens,
        int totalBlocks,
        int maxBatchTokens,
        int maxSequences) {}
