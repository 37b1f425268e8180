package dev.stator.launch;

import dev.stator.launch.engines.EngineSetup;
import dev.stator.routing.RouterConfig;

import java.net.InetSocketAddress;

/// What `stator serve` is asked to run.
///
/// @param engine what the workers run; its share is how many there are
/// @param metricsPrefix begins every name on `/metrics`
public record ServeConfig(
        EngineSetup engine, RouterConfig router, InetSocketAddress address, String metricsPrefix) {}
