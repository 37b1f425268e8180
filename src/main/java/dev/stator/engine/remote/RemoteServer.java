package dev.stator.engine.remote;

import dev.stator.engine.EngineInfo;
import dev.stator.engine.remote.RemoteConfig.Known;
import dev.stator.engine.remote.dialect.Dialect;

/// What was found out about a server.
///
/// @param software its kind and version in words
/// @param said what it says of itself
/// @param info what is served: the caller's word, else the server's, else a default
public record RemoteServer(Dialect dialect, String software, Known said, EngineInfo info) {}
