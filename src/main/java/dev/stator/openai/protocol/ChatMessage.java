package dev.stator.openai.protocol;

import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One message of a conversation.
///
/// @param content absent only in an assistant's message that calls tools
/// @param toolCalls checked objects with `id`, `type` and `function`
public record ChatMessage(
        Role role,
        Optional<String> content,
        Optional<String> name,
        Optional<String> reasoning,
        Optional<String> toolCallId,
        List<JsonValue> toolCalls) {

    /// Who speaks. A developer is what newer models call a system.
    public enum Role {
        SYSTEM("system"),
        DEVELOPER("system"),
        USER("user"),
        ASSISTANT("assistant"),
        TOOL("tool");

        private final String templateName;

        Role(String templateName) {
            this.templateName = templateName;
        }
    }

    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /// The message as chat templates expect it.
    public JsonObject toTemplateValue() {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("role", new JsonString(role.templateName));
        members.put("content", new JsonString(content.orElse("")));
        name.ifPresent(text -> members.put("name", new JsonString(text)));
        reasoning.ifPresent(text -> members.put("reasoning_content", new JsonString(text)));
        toolCallId.ifPresent(text -> members.put("tool_call_id", new JsonString(text)));
        if (!toolCalls.isEmpty()) {
            members.put("tool_calls", new JsonValue.JsonArray(toolCalls));
        }
        return new JsonObject(members);
    }
}
