package dev.stator.launch;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.launch.planes.PlanesConfig;
import dev.stator.routing.RoutingMode;
import dev.stator.worker.Worker;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What `stator worker` is asked to run.
///
/// @param protocol where the worker is found
/// @param taints the kinds of worker it is
/// @param deviceType what its engine runs on, if it says so
/// @param routerMode how requests are to be routed to it and its like, if it says so
/// @param systemPort serves `/health`, `/live` and `/metrics` of the worker itself; 0 takes a free
///     one, empty serves nothing
public record WorkerConfig(
        EngineSetup engine,
        PlanesConfig planes,
        WorkerProtocol protocol,
        Set<String> taints,
        Optional<String> deviceType,
        Optional<RoutingMode> routerMode,
        OptionalInt systemPort) {

    Worker.Kind kind() {
        return new Worker.Kind(
                taints, engine.adapters(), deviceType, routerMode.map(RoutingMode::flag));
    }
}
