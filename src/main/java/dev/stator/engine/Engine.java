package dev.stator.engine;

/// Produces tokens for prompts. Thread-safe.
public interface Engine extends AutoCloseable {

    /// What this engine serves and how much it can hold.
    EngineInfo info();

    /// Starts a generation and returns at once.
    ///
    /// Every outcome arrives at `sink`, refusals included: this method throws only when it is
    /// misused. `sink` may be called before this method returns.
    Generation generate(GenerationRequest request, TokenSink sink);

    /// Refuses new requests, ends the running ones as cancelled and frees everything. Idempotent.
    @Override
    void close();
}
