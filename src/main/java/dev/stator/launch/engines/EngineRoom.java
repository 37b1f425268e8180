package dev.stator.launch.engines;

import dev.stator.engine.EngineInfo;
import dev.stator.kv.cache.KvCacheListener;

import java.io.IOException;
import java.util.List;

/// Makes the engines of one model. What they share, such as weights, is loaded once.
public interface EngineRoom extends AutoCloseable {

    static EngineRoom of(EngineSetup setup, ChatModel model) {
        return switch (setup.engine()) {
            case EngineConfig.Cpu cpu -> ours(setup, new CpuEngineRoom(setup, cpu));
            case EngineConfig.Simulated simulated ->
                    ours(setup, new SimulatedEngineRoom(setup, simulated, model));
            case EngineConfig.Remote remote -> new RemoteEngineRoom(setup, remote, model);
        };
    }

    private static EngineRoom ours(EngineSetup setup, EngineRoom room) {
        return RankedRoom.of(setup, PublishingRoom.of(setup, room));
    }

    /// One rank's shape. Of a remote engine it is known once it was opened.
    EngineInfo info();

    /// Loads what the engines share.
    void load(Startup startup);

    /// Ranks of each engine, with numbers from 0 on.
    default int ranks() {
        return 1;
    }

    /// Opens one more engine.
    ///
    /// Throws `IOException` when a server cannot be attached to.
    ///
    /// @param caches hear of the changes of each rank's cache, one per rank
    OpenedEngine open(String worker, List<? extends KvCacheListener> caches)
            throws IOException, InterruptedException;

    /// Frees what the engines shared; they must be closed before.
    @Override
    void close();
}
