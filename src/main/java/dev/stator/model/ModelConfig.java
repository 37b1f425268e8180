package dev.stator.model;

import java.util.Optional;

/// The shape of a decoder-only transformer, as `config.json` gives it.
///
/// @param hiddenSize width of the residual stream
/// @param intermediateSize width of the SwiGLU layer
/// @param attentionHeads query heads
/// @param keyValueHeads divides `attentionHeads`
/// @param headDim even; need not be `hiddenSize / attentionHeads`
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
        boolean tiedEmbeddings) {

    public ModelConfig {
        requirePositive("layers", layers);
        requirePositive("hidden size", hiddenSize);
        requirePositive("intermediate size", intermediateSize);
        requirePositive("vocabulary size", vocabularySize);
        requirePositive("max position embeddings", maxPositionEmbeddings);
        if (keyValueHeads < 1 || attentionHeads < 1 || attentionHeads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "key-value heads must divide attention heads: "
                            + keyValueHeads
                            + ", "
                            + attentionHeads);
        }
        if (headDim < 2 || headDim % 2 != 0) {
            throw new IllegalArgumentException("head dim must be even: " + headDim);
        }
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive: " + value);
        }
    }
}
