package dev.stator.engine.remote;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineContract;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.util.Optional;

/// The contract of every engine, kept through one kind of server with a simulated engine in it.
abstract class RemoteEngineContract extends EngineContract {
    private Optional<SpokenEngine> server = Optional.empty();

    abstract Flavor flavor();

    @Override
    protected Engine open(int maxSequences, int waitingMax) {
        try {
            var spoken = new SpokenEngine(Remotes.simulated(maxSequences), flavor());
            server = Optional.of(spoken);
            return RemoteEngine.open(
                    Remotes.config(spoken.server(), Remotes.limits(maxSequences + waitingMax)));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void closeServer() throws IOException {
        if (server.isPresent()) {
            server.get().close();
        }
    }
}
