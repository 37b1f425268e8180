package dev.stator.replay.trace;

/// Understands one format, line by line. Used once.
///
/// Both methods throw `IllegalArgumentException`, `JsonException` or `JsonFieldException` with the
/// field and its value when they cannot understand.
interface TraceReader {

    void read(String line);

    /// What was read.
    Trace trace(String name);
}
