package dev.stator.engine.simulated;

import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.BatchingSetup;
import dev.stator.engine.batching.StepListener;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.pool.BlockPool;

import java.util.concurrent.locks.LockSupport;

/// Opens engines without a model.
public final class SimulatedEngine {
    private SimulatedEngine() {}

    /// A running engine whose cache changes and steps are told to the listeners.
    public static BatchingEngine open(
            SimulatedConfig config, KvCacheListener cacheListener, StepListener stepListener) {
        var pool = new BlockPool(config.blocks(), config.blockSizeTokens(), cacheListener);
        var setup =
                new BatchingSetup(
                        config.worker(),
                        config.model(),
                        config.contextLengthTokens(),
                        config.batching(),
                        stepListener,
                        System::nanoTime);
        var executor = new SimulatedExecutor(config, SimulatedEngine::pause);
        return BatchingEngine.open(executor, pool, setup);
    }

    private static void pause(long nanos) {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
