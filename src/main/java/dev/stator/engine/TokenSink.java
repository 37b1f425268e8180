package dev.stator.engine;

/// Receives one generation.
///
/// Calls come one at a time, though not always from the same thread, in the order `onStart`,
/// `onToken` …, `onEnd`. `onEnd` is called exactly once however the generation ends; `onStart` is
/// left out when it ends before the engine began. Implementations must not block: an engine's step
/// thread may be waiting for them. An exception thrown by a sink cancels its generation only.
public interface TokenSink {

    /// The engine begins to work on the prompt.
    void onStart(GenerationStart start);

    /// One sampled token, the stop token included.
    void onToken(GeneratedToken token);

    /// Nothing follows.
    void onEnd(GenerationEnd end);
}
