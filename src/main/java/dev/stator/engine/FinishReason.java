package dev.stator.engine;

/// Why a generation produced no further token.
public enum FinishReason {
    /// A stop token was sampled; it is the last token delivered.
    STOP,
    /// The limit of the request or the context length was reached.
    LENGTH,
    /// The caller closed the generation, or the engine was closed.
    CANCELLED
}
