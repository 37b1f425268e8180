package dev.stator.model;

/// Llama 3's scaling of rotary frequencies (`rope_type` "llama3" in `config.json`): long wave
/// lengths are stretched by `factor`, short ones kept, those between interpolated.
public record RopeScaling(
        double factor,
        double lowFreqFactor,
        double highFreqFactor,
        int originalMaxPositionEmbeddings) {}
