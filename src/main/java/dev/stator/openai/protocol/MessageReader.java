package dev.stator.openai.protocol;

import dev.stator.openai.protocol.ChatMessage.Role;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the `messages` of a chat completion request.
final class MessageReader {
    static final int MESSAGES_MAX = 16_384;
    static final int PARTS_MAX = 1_024;
    static final int TOOL_CALLS_MAX = 128;

    private MessageReader() {}

    static List<ChatMessage> read(JsonField field) {
        List<JsonField> items = field.items();
        if (items.isEmpty()) {
            throw field.invalid("must hold at least one message");
        }
        LengthFields.refuseMoreThan(MESSAGES_MAX, items, field);
        return items.stream().map(MessageReader::message).toList();
    }

    private static ChatMessage message(JsonField field) {
        Role role = role(field.get("role"));
        List<JsonValue> toolCalls =
                field.get("tool_calls").optional().map(MessageReader::toolCalls).orElse(List.of());
        if (!toolCalls.isEmpty() && role != Role.ASSISTANT) {
            throw field.get("tool_calls").invalid("is only for messages of the assistant");
        }
        JsonField content = field.get("content");
        boolean mayLackContent = role == Role.ASSISTANT && !toolCalls.isEmpty();
        return new ChatMessage(
                role,
                content.isPresent() || !mayLackContent
                        ? Optional.of(text(content))
                        : Optional.empty(),
                field.get("name").optional().map(JsonField::string),
                field.get("reasoning_content").optional().map(JsonField::string),
                field.get("tool_call_id").optional().map(JsonField::string),
                toolCalls);
    }

    private static Role role(JsonField field) {
        return switch (field.string()) {
            case "system" -> Role.SYSTEM;
            case "developer" -> Role.DEVELOPER;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> throw field.invalid("must be system, developer, user, assistant or tool");
        };
    }

    /// A string, or the texts of an array of text parts, one after the other.
    private static String text(JsonField content) {
        if (content.isString()) {
            return content.string();
        }
        if (!content.isArray()) {
            throw content.invalid("must be a string or an array of parts");
        }
        List<JsonField> parts = content.items();
        LengthFields.refuseMoreThan(PARTS_MAX, parts, content);
        var text = new StringBuilder();
        for (JsonField part : parts) {
            JsonField type = part.get("type");
            if (!type.string().equals("text")) {
                throw type.invalid("names a kind of part that is not supported; only \"text\" is");
            }
            text.append(part.get("text").string());
        }
        return text.toString();
    }

    private static List<JsonValue> toolCalls(JsonField field) {
        List<JsonField> items = field.items();
        LengthFields.refuseMoreThan(TOOL_CALLS_MAX, items, field);
        return items.stream().map(MessageReader::toolCall).toList();
    }

    /// Templates read arguments as an object; clients send them as JSON text.
    private static JsonValue toolCall(JsonField field) {
        JsonField function = field.get("function");
        Map<String, JsonValue> called = new LinkedHashMap<>();
        called.put("name", new JsonString(function.get("name").string()));
        called.put("arguments", arguments(function.get("arguments")));
        Map<String, JsonValue> call = new LinkedHashMap<>();
        field.get("id").optional().ifPresent(id -> call.put("id", new JsonString(id.string())));
        call.put("type", new JsonString("function"));
        call.put("function", new JsonObject(called));
        return new JsonObject(call);
    }

    private static JsonValue arguments(JsonField field) {
        if (!field.isString()) {
            return field.object();
        }
        try {
            JsonValue parsed = Json.parse(field.string(), JsonLimits.REQUEST);
            return parsed instanceof JsonObject ? parsed : field.value();
        } catch (JsonException _) {
            return field.value();
        }
    }
}
