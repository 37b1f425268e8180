package dev.stator.model;

/// The architectures the CPU engine runs.
public enum ModelFamily {
    /// RMS norm per head on q and k before the rotary embedding.
    QWEN3,
    /// No norm on q and k; may scale the rotary frequencies.
    LLAMA
}
