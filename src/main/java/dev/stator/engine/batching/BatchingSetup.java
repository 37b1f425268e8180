package dev.stator.engine.batching;

import java.util.function.LongSupplier;

/// What a `BatchingEngine` is told about the world.
///
/// @param worker the name of the worker, for `GenerationStart`
/// @param model the name clients ask for
/// @param contextLengthTokens what the model supports; the pool may hold less
/// @param nanoClock measures steps, `System::nanoTime` outside of simulations
public record BatchingSetup(
        String worker,
        String model,
        int contextLengthTokens,
        BatchingConfig batching,
        StepListener listener,
        LongSupplier nanoClock) {}
