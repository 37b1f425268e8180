package dev.stator.launch.topology;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `${…}` stands for in the fields of one process. `$${` is a `${` that stands for itself.
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
    private static final String ENVIRONMENT = "env.";

    private final Map<String, String> values;
    private final Map<String, String> environment;

    /// @param values by name, as in `port.http`
    /// @param environment for names that begin with `env.`
    Variables(Map<String, String> values, Map<String, String> environment) {
        this.values = Map.copyOf(values);
        this.environment = environment;
    }

    /// A text, number or truth value as text.
    String text(JsonField field) {
        return switch (field.value()) {
            case JsonString(var text) -> replace(field, text);
            case JsonNumber number -> number.literal();
            case JsonBoolean truth -> Boolean.toString(truth.value());
            case JsonObject _, JsonArray _, JsonNull _ ->
                    throw field.invalid("must be a text or a number");
        };
    }

    /// As `text`, with objects and arrays written as JSON.
    String textOrJson(JsonField field) {
        return field.isObject() || field.isArray()
                ? Json.write(replaceAll(field, field.value()))
                : text(field);
    }

    private JsonValue replaceAll(JsonField field, JsonValue value) {
        return switch (value) {
            case JsonString(var text) -> new JsonString(replace(field, text));
            case JsonArray(var items) ->
                    new JsonArray(items.stream().map(it -> replaceAll(field, it)).toList());
            case JsonObject(var members) -> {
                Map<String, JsonValue> replaced = new LinkedHashMap<>();
                members.forEach((name, member) -> replaced.put(name, replaceAll(field, member)));
                yield new JsonObject(replaced);
            }
            case JsonNumber _, JsonBoolean _, JsonNull _ -> value;
        };
    }

    private String replace(JsonField field, String text) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(value(field, match)));
    }

    private String value(JsonField field, MatchResult match) {
        String name = match.group(1);
        if (name == null) {
            return "${";
        }
        if (match.group(2).isEmpty()) {
            throw field.invalid("has a '${' without its '}'");
        }
        if (name.startsWith(ENVIRONMENT)) {
            return environmentValue(field, name.substring(ENVIRONMENT.length()));
        }
        String value = values.get(name);
        if (value == null) {
            throw field.invalid(
                    "has the unknown variable '%s'; known here are %s and env.NAME"
                            .formatted(name, String.join(", ", new TreeSet<>(values.keySet()))));
        }
        return value;
    }

    private String environmentValue(JsonField field, String name) {
        String value = environment.get(name);
        if (value == null) {
            throw field.invalid("needs the environment variable " + name + ", which is not set");
        }
        return value;
    }
}
