package dev.stator.engine.cpu.packed;

/// Weights of one layer.
///
/// @param queryKeyValue rows of q, k and v, one after the other
/// @param queryNorm empty when the family has no norm on q and k, as `keyNorm`
/// @param gateUp rows of gate, then of up
public record PackedLayer(
        float[] attentionNorm,
        PackedMatrix queryKeyValue,
        float[] queryNorm,
        float[] keyNorm,
        PackedMatrix output,
        float[] mlpNorm,
        PackedMatrix gateUp,
        PackedMatrix down) {}
