package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.kv.cache.KvCacheListener;

/// Makes the engines of one model. What they share, such as weights, is loaded once.
public interface EngineRoom extends AutoCloseable {

    static EngineRoom of(EngineSetup config, ChatModel model) {
        return switch (config.engine()) {
            case EngineConfig.Cpu cpu -> new CpuEngineRoom(config, cpu, model);
            case EngineConfig.Simulated simulated ->
                    new SimulatedEngineRoom(config, simulated, model);
        };
    }

    /// One engine's shape, known before anything is loaded.
    EngineInfo info();

    /// Loads what the engines share.
    void load(Startup startup);

    /// Opens one more engine whose cache changes go to the listener.
    OpenedEngine open(String worker, KvCacheListener cache);

    /// Frees what the engines shared; they must be closed before.
    @Override
    void close();
}
