package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.kv.cache.KvCacheListener;

import java.io.IOException;

/// Makes the engines of one model. What they share, such as weights, is loaded once.
public interface EngineRoom extends AutoCloseable {

    static EngineRoom of(EngineSetup setup, ChatModel model) {
        return switch (setup.engine()) {
            case EngineConfig.Cpu cpu -> PublishingRoom.of(setup, new CpuEngineRoom(setup, cpu));
            case EngineConfig.Simulated simulated ->
                    PublishingRoom.of(setup, new SimulatedEngineRoom(setup, simulated, model));
            case EngineConfig.Remote remote -> new RemoteEngineRoom(setup, remote, model);
        };
    }

    /// One engine's shape. Of a remote engine it is known once it was opened.
    EngineInfo info();

    /// Loads what the engines share.
    void load(Startup startup);

    /// Opens one more engine whose cache changes go to the listener.
    ///
    /// Throws `IOException` when a server cannot be attached to.
    OpenedEngine open(String worker, KvCacheListener cache)
            throws IOException, InterruptedException;

    /// Frees what the engines shared; they must be closed before.
    @Override
    void close();
}
