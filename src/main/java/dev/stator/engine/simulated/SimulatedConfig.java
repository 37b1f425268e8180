package dev.stator.engine.simulated;

import dev.stator.engine.batching.BatchingConfig;

/// What a simulated engine pretends to be.
///
/// @param contextLengthTokens longest prompt and output together
/// @param blocks KV blocks it has
/// @param tokens the ids it produces; none of them should be a stop token of the model
public record SimulatedConfig(
        String worker,
        String model,
        int contextLengthTokens,
        int blocks,
        int blockSizeTokens,
        TimingModel timing,
        TokenRange tokens,
        BatchingConfig batching) {}
