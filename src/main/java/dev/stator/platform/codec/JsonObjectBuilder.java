package dev.stator.platform.codec;

import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonBoolean;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/// Builds an object member by member, in the order of the calls. Used once.
public final class JsonObjectBuilder {
    private final SmallObject.Collector members = new SmallObject.Collector(0);

    public JsonObjectBuilder put(String name, JsonValue value) {
        members.put(name, value);
        return this;
    }

    public JsonObjectBuilder put(String name, String text) {
        return put(name, new JsonString(text));
    }

    public JsonObjectBuilder put(String name, boolean truth) {
        return put(name, JsonBoolean.of(truth));
    }

    public JsonObjectBuilder put(String name, long number) {
        return put(name, JsonNumber.of(number));
    }

    public JsonObjectBuilder put(String name, double number) {
        return put(name, JsonNumber.of(number));
    }

    /// The bits of `number` as a number in `[0, 2^64)`.
    public JsonObjectBuilder putUnsigned(String name, long number) {
        return put(name, JsonNumber.ofUnsigned(number));
    }

    public JsonObjectBuilder putNull(String name) {
        return put(name, JsonNull.NULL);
    }

    /// A null for each name, where a format wants absence spelled out.
    public JsonObjectBuilder putNulls(String... names) {
        for (String name : names) {
            putNull(name);
        }
        return this;
    }

    public JsonObjectBuilder putAll(String name, List<? extends JsonValue> items) {
        return put(name, new JsonArray(List.copyOf(items)));
    }

    public JsonObjectBuilder putStrings(String name, Collection<String> texts) {
        return putAll(name, texts.stream().map(JsonString::new).toList());
    }

    /// Takes over `numbers`.
    public JsonObjectBuilder putNumbers(String name, int[] numbers) {
        return put(name, new JsonArray(new PackedNumbers(numbers)));
    }

    /// The bits of each number as one in `[0, 2^64)`.
    public JsonObjectBuilder putUnsigned(String name, LongStream numbers) {
        return put(name, new JsonArray(new PackedNumbers(numbers.toArray(), true)));
    }

    public JsonObject build() {
        return new JsonObject(members.members());
    }
}
