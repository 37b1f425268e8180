package dev.stator.launch;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.batching.BatchingEngine;
import dev.stator.kv.cache.KvCacheListener;

/// Makes the engines of one model. What they share, such as weights, is loaded once.
interface EngineRoom extends AutoCloseable {

    static EngineRoom of(ServeConfig config, ChatModel model) {
        return switch (config.engine()) {
            case ServeConfig.EngineConfig.Cpu cpu -> new CpuEngineRoom(config, cpu, model);
            case ServeConfig.EngineConfig.Simulated simulated ->
                    new SimulatedEngineRoom(config, simulated, model);
        };
    }

    /// One engine's shape, known before anything is loaded.
    EngineInfo info();

    /// Loads what the engines share.
    void load(Startup startup);

    /// Opens one more engine whose cache changes go to the listener.
    BatchingEngine open(String worker, KvCacheListener cache);

    /// Frees what the engines shared; they must be closed before.
    @Override
    void close();
}
