package dev.stator.launch;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.fleet.Fleets;
import dev.stator.launch.fleet.RouterNode;
import dev.stator.launch.planes.Planes;
import dev.stator.launch.planes.PlanesConfig;

/// A router alone in its process.
public final class RouterProcess implements AutoCloseable {
    private final Planes planes;
    private final RouterNode node;

    private RouterProcess(Planes planes, RouterNode node) {
        this.planes = planes;
        this.node = node;
    }

    /// Returns when it can be asked.
    ///
    /// @param workers where the workers are found
    public static RouterProcess open(
            PlanesConfig config, WorkerProtocol workers, Fleets.Settings router) {
        Planes planes = Planes.open(config, "router");
        try {
            return new RouterProcess(planes, new RouterNode(planes, workers, router));
        } catch (RuntimeException | Error e) {
            planes.close();
            throw e;
        }
    }

    @Override
    public void close() {
        node.close();
        planes.close();
    }
}
