package dev.stator.engine.cpu.sampling;

import dev.stator.engine.GenerationRequest;
import dev.stator.engine.SamplingParams;
import dev.stator.engine.StopConditions;

/// Changes logits by what the request says and by what was generated so far.
///
/// In this order: logit bias; repetition penalty for every token of prompt and output; frequency
/// and presence penalty for every token of the output; no stop tokens before the minimum. Ids
/// outside of the vocabulary are ignored.
final class Penalties {
    private final int vocabularySize;
    private final int[] occurrences; // all 0 between calls

    Penalties(int vocabularySize) {
        this.vocabularySize = vocabularySize;
        this.occurrences = new int[vocabularySize];
    }

    /// Whether `apply` would change anything.
    static boolean isNeeded(GenerationRequest request, int outputTokens) {
        SamplingParams sampling = request.sampling();
        return !sampling.logitBias().isEmpty()
                || sampling.repetitionPenalty() != 1
                || sampling.frequencyPenalty() != 0
                || sampling.presencePenalty() != 0
                || masksStops(request.stops(), outputTokens);
    }

    /// @param tokens prompt and output, valid in `[0, tokenCount)`
    void apply(float[] logits, GenerationRequest request, int[] tokens, int tokenCount) {
        SamplingParams sampling = request.sampling();
        int promptTokens = request.prompt().size();
        sampling.logitBias()
                .forEach(
                        (id, bias) -> {
                            if (isKnown(id)) {
                                logits[id] += bias.floatValue();
                            }
                        });
        if (sampling.repetitionPenalty() != 1) {
            penalizeRepetition(logits, (float) sampling.repetitionPenalty(), tokens, tokenCount);
        }
        if (sampling.frequencyPenalty() != 0 || sampling.presencePenalty() != 0) {
            penalizeOutput(logits, sampling, tokens, promptTokens, tokenCount);
        }
        if (masksStops(request.stops(), tokenCount - promptTokens)) {
            for (int id : request.stops().stopTokenIds()) {
                if (isKnown(id)) {
                    logits[id] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    private static boolean masksStops(StopConditions stops, int outputTokens) {
        return outputTokens < stops.minTokens() && !stops.stopTokenIds().isEmpty();
    }

    private void penalizeRepetition(float[] logits, float penalty, int[] tokens, int tokenCount) {
        count(tokens, 0, tokenCount);
        for (int i = 0; i < tokenCount; i++) {
            int id = tokens[i];
            if (takeOccurrences(id) > 0) {
                logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
            }
        }
    }

    private void penalizeOutput(
            float[] logits, SamplingParams sampling, int[] tokens, int start, int end) {
        count(tokens, start, end);
        for (int i = start; i < end; i++) {
            int id = tokens[i];
            int times = takeOccurrences(id);
            if (times > 0) {
                double penalty = sampling.frequencyPenalty() * times + sampling.presencePenalty();
                logits[id] -= (float) penalty;
            }
        }
    }

    private void count(int[] tokens, int start, int end) {
        for (int i = start; i < end; i++) {
            if (isKnown(tokens[i])) {
                occurrences[tokens[i]]++;
            }
        }
    }

    /// How often `id` was counted; 0 from the second call on.
    private int takeOccurrences(int id) {
        if (!isKnown(id)) {
            return 0;
        }
        int times = occurrences[id];
        occurrences[id] = 0;
        return times;
    }

    private boolean isKnown(int id) {
        return id >= 0 && id < vocabularySize;
    }
}
