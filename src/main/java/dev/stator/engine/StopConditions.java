package dev.stator.engine;

import java.util.Set;

/// When to stop by counting and by token id. Stop strings are text and are handled where text is.
///
/// @param maxTokens most tokens to produce, at least 1
/// @param minTokens stop tokens are not sampled before so many tokens
/// @param stopTokenIds ids that end the generation, the model's end-of-sequence ids among them
public record StopConditions(int maxTokens, int minTokens, Set<Integer> stopTokenIds) {
    public StopConditions {
        stopTokenIds = Set.copyOf(stopTokenIds);
        if (maxTokens < 1 || minTokens < 0 || minTokens > maxTokens) {
            throw new IllegalArgumentException(
                    "must satisfy 0 <= minTokens <= maxTokens, 1 <= maxTokens: min %d, max %d"
                            .formatted(minTokens, maxTokens));
        }
    }
}
