package dev.stator.engine;

/// How a generation ended.
public sealed interface GenerationEnd {

    /// It ran to its end or was cancelled by its caller.
    record Finished(FinishReason reason, TokenUsage usage) implements GenerationEnd {}

    /// It was refused or broke off.
    record Failed(EngineFailure failure) implements GenerationEnd {}
}
