package dev.stator.engine.cpu;

import dev.stator.engine.batching.BatchingConfig;
import dev.stator.engine.cpu.forward.KvFormat;

/// One CPU engine.
///
/// @param worker the name of the worker, for `GenerationStart`
/// @param model the name clients ask for
/// @param usableVocabulary ids at and above it are never sampled
/// @param kvBlocks blocks of its KV memory
/// @param threads that compute a step together, the step thread among them
public record CpuEngineConfig(
        String worker,
        String model,
        int usableVocabulary,
        int kvBlocks,
        int blockSizeTokens,
        KvFormat kvFormat,
        int threads,
        BatchingConfig batching) {}
