package dev.stator.engine;

import java.util.Map;

/// How the next token is chosen from the logits. Applied in this order: logit bias, penalties,
/// temperature, top-k, top-p, min-p.
///
/// @param temperature 0 is greedy
/// @param topK keep so many of the most likely tokens, 0 for all
/// @param topP keep the smallest set of tokens with this much probability, in (0, 1]
/// @param minP drop tokens less likely than this fraction of the most likely one, in [0, 1]
/// @param frequencyPenalty subtracted per occurrence in the output
/// @param presencePenalty subtracted once when in the output
/// @param repetitionPenalty divides positive and multiplies negative logits of tokens in prompt or
///     output; 1 for none
/// @param seed the draw of token number i depends on the seed and i alone
/// @param logitBias added per token id
public record SamplingParams(
        double temperature,
        int topK,
        double topP,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        long seed,
        Map<Integer, Double> logitBias) {

    /// The most likely token, always.
    public static final SamplingParams GREEDY =
            new SamplingParams(0, 0, 1, 0, 0, 0, 1, 0, Map.of());

    public SamplingParams {
        logitBias = Map.copyOf(logitBias);
        require(temperature >= 0, "temperature", temperature, "must not be negative");
        require(topK >= 0, "top_k", topK, "must not be negative");
        require(topP > 0 && topP <= 1, "top_p", topP, "must be in (0, 1]");
        require(minP >= 0 && minP <= 1, "min_p", minP, "must be in [0, 1]");
        require(repetitionPenalty > 0, "repetition_penalty", repetitionPenalty, "must be positive");
    }

    private static void require(boolean holds, String name, double value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " " + rule + ": " + value);
        }
    }
}
