package dev.stator.model;

import java.util.Optional;

/// The shape of a decoder-only transformer, as `config.json` gives it.
///
/// @param hiddenSize width of the residual stream
/// @param intermediateSize width of the SwiGLU layer
/// @param attentionHeads query heads
/// @param keyValueHeads divides `attentionHeads`
/// @param headDim need not be `hiddenSize / attentionHeads`
/// @param maxPositionEmbeddings context length in tokens
/// @param tiedEmbeddings whether the output head is the embedding matrix
public record ModelConfig(
        ModelFamily family,
        int layers,
        int hiddenSize,
        int intermediateSize,
        int attentionHeads,
        int keyValueHeads,
        int headDim,
        int vocabularySize,
        int maxPositionEmbeddings,
        double rmsNormEps,
        double ropeTheta,
        Optional<RopeScaling> ropeScaling,
        boolean tiedEmbeddings) {}
