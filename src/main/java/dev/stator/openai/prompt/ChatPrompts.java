package dev.stator.openai.prompt;

import dev.stator.model.template.ChatTemplate;
import dev.stator.model.template.TemplateException;
import dev.stator.openai.protocol.ChatCompletionRequest;
import dev.stator.openai.protocol.ChatMessage;
import dev.stator.openai.protocol.InvalidRequest;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes conversations with a model's own chat template, as Hugging Face's libraries call it.
public final class ChatPrompts implements PromptTemplate {
    private final ChatTemplate plain;
    private final ChatTemplate withTools;
    private final Map<String, JsonValue> constants = new LinkedHashMap<>();

    /// @param withTools for conversations that offer tools; the same as `plain` for most models
    /// @param specialTokens texts by the names templates use, such as `bos_token`
    public ChatPrompts(
            ChatTemplate plain, ChatTemplate withTools, Map<String, String> specialTokens) {
        this.plain = plain;
        this.withTools = withTools;
        specialTokens.forEach((name, text) -> constants.put(name, new JsonString(text)));
    }

    @Override
    public String render(ChatCompletionRequest request) {
        Map<String, JsonValue> variables = new LinkedHashMap<>(constants);
        List<JsonValue> messages =
                request.messages().stream()
                        .map(ChatMessage::toTemplateValue)
                        .map(message -> (JsonValue) message)
                        .toList();
        variables.put("messages", new JsonArray(messages));
        variables.put(
                "tools",
                request.tools().isEmpty()
                        ? JsonValue.JsonNull.NULL
                        : new JsonArray(request.tools()));
        variables.put("add_generation_prompt", JsonBoolean.of(request.addGenerationPrompt()));
        request.enableThinking()
                .ifPresent(value -> variables.put("enable_thinking", JsonBoolean.of(value)));
        try {
            return (request.tools().isEmpty() ? plain : withTools).render(variables);
        } catch (TemplateException e) {
            throw new InvalidRequest(
                    "the model's chat template refuses this conversation: " + e.problem(),
                    "messages",
                    "");
        }
    }
}
