package dev.stator.platform.nats;

/// A stream as it is on the server.
///
/// @param messages kept now
/// @param bytes kept now
/// @param consumers that read it
public record StreamState(StreamSpec spec, long messages, long bytes, long consumers) {}
