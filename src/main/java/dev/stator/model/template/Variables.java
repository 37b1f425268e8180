package dev.stator.model.template;

import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From JSON to the values templates compute with.
final class Variables {
    private Variables() {}

    static Map<String, Value> of(Map<String, JsonValue> variables) {
        Map<String, Value> values = HashMap.newHashMap(variables.size());
        variables.forEach((name, value) -> values.put(name, of(value, 0)));
        return values;
    }

    private static Value of(JsonValue json, int depth) {
        if (depth > Sequence.DEPTH_MAX) {
            throw TemplateFault.limit("a variable is nested deeper than " + Sequence.DEPTH_MAX);
        }
        return switch (json) {
            case JsonString(var text) -> Text.of(text);
            case JsonNumber number -> number(number);
            case JsonBoolean truth -> Num.Truth.of(truth.value());
            case JsonNull _ -> Value.None.NONE;
            case JsonArray(var items) -> {
                List<Value> values = new ArrayList<>(items.size());
                items.forEach(item -> values.add(of(item, depth + 1)));
                yield Sequence.list(values);
            }
            case JsonObject(var members) -> {
                LinkedHashMap<Value, Value> entries =
                        LinkedHashMap.newLinkedHashMap(members.size());
                members.forEach(
                        (name, member) -> entries.put(Text.of(name), of(member, depth + 1)));
                yield Dict.of(entries);
            }
        };
    }

    private static Value number(JsonNumber number) {
        return number.isInteger()
                ? Arithmetic.whole(number.bigInteger())
                : new Num.Real(number.doubleValue());
    }
}
