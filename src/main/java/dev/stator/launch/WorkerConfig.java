package dev.stator.launch;

import dev.stator.engine.wire.WorkerProtocol;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.launch.planes.PlanesConfig;

import java.util.OptionalInt;
import java.util.Set;

/// What `stator worker` is asked to run.
///
/// @param protocol where the worker is found
/// @param taints the kinds of worker it is
/// @param systemPort serves `/health`, `/live` and `/metrics` of the worker itself; 0 takes a free
///     one, empty serves nothing
public record WorkerConfig(
        EngineSetup engine,
        PlanesConfig planes,
        WorkerProtocol protocol,
        Set<String> taints,
        OptionalInt systemPort) {}
