package dev.stator.openai.prompt;

import dev.stator.engine.GenerationRequest;

import java.util.List;

/// What one request asks of an engine.
///
/// @param generations one per choice, at least one, all with the same prompt
/// @param opensReasoning whether the prompt ends in the midst of the model's thoughts
public record PreparedPrompt(List<GenerationRequest> generations, boolean opensReasoning) {
    public PreparedPrompt {
        generations = List.copyOf(generations);
    }

    public int promptTokens() {
        return generations.getFirst().prompt().size();
    }
}
