package dev.stator.openai.prompt;

import dev.stator.openai.protocol.ChatCompletionRequest;

/// Writes a conversation as the text a model was trained on. Thread-safe.
@FunctionalInterface
public interface PromptTemplate {

    /// Throws `InvalidRequest` when the model has no form for this conversation.
    String render(ChatCompletionRequest request);
}
