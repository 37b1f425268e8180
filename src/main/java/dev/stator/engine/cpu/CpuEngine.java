package dev.stator.engine.cpu;

import dev.stator.engine.batching.BatchingEngine;
import dev.stator.engine.batching.BatchingSetup;
import dev.stator.engine.batching.StepListener;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.packed.PackedModel;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.pool.BlockPool;

import java.util.function.Supplier;

/// Opens engines that run a model on this machine's processors.
public final class CpuEngine {
    private CpuEngine() {}

    /// A running engine with KV memory of its own. Closing it leaves `model` open, which other
    /// engines may share.
    ///
    /// @param kernels asked once per step
    public static BatchingEngine open(
            CpuEngineConfig config,
            PackedModel model,
            Supplier<Kernels> kernels,
            KvCacheListener cacheListener,
            StepListener stepListener) {
        var executor = new CpuExecutor(config, model, kernels);
        var pool = new BlockPool(config.kvBlocks(), config.blockSizeTokens(), cacheListener);
        var setup =
                new BatchingSetup(
                        config.worker(),
                        config.model(),
                        model.config().maxPositionEmbeddings(),
                        config.batching(),
                        stepListener,
                        System::nanoTime);
        return BatchingEngine.open(executor, pool, setup);
    }
}
