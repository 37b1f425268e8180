package dev.stator.launch;

import dev.stator.frontend.FrontendConfig;
import dev.stator.launch.engines.EngineSetup;
import dev.stator.launch.fleet.Fleets;

/// What `stator serve` is asked to run.
///
/// @param engine what the workers run, and how many there are
/// @param metricsPrefix begins every name on `/metrics`
public record ServeConfig(
        EngineSetup engine, Fleets.Settings fleets, FrontendConfig http, String metricsPrefix) {}
