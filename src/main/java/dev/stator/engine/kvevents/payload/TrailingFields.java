package dev.stator.engine.kvevents.payload;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonNull;
import dev.stator.platform.codec.JsonValue.JsonNumber;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.platform.codec.MessagePackReader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What stands behind the elements that positional events have always had.
///
/// Four and more elements are in the order group, kind, sliding window, locality, source, each of
/// its type or nil. Everything else is an older form without order: the first number is the group,
/// a text the kind, a list the objects of the blocks.
final class TrailingFields {
    private static final int FIELDS_MAX = 5;
    private static final int FIXED_FIELDS_MIN = 4;
    private static final int KIND = 1;
    private static final int LOCALITY = 3;

    private TrailingFields() {}

    /// Reads `count` elements into `fields`.
    static void read(MessagePackReader reader, int count, EventFields fields) {
        List<JsonValue> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i < FIELDS_MAX) {
                values.add(reader.value());
            } else {
                reader.skip();
            }
        }
        if (values.size() >= FIXED_FIELDS_MIN && isFixed(values)) {
            number(values.getFirst()).ifPresent(fields::group);
            text(values.get(KIND)).ifPresent(fields::kind);
            text(values.get(LOCALITY)).ifPresent(fields::locality);
        } else {
            values.stream().flatMap(it -> number(it).stream()).findFirst().ifPresent(fields::group);
            values.stream().flatMap(it -> text(it).stream()).forEach(fields::kind);
            values.stream()
                    .filter(JsonArray.class::isInstance)
                    .map(TrailingFields::objects)
                    .forEach(fields::objects);
        }
    }

    /// By block, the `mm_hash` of each of its `mm_objects`; a block without any is nil.
    static List<List<Long>> objects(JsonValue infos) {
        return JsonField.root(infos).items().stream().map(TrailingFields::objectsOfBlock).toList();
    }

    private static List<Long> objectsOfBlock(JsonField block) {
        if (!(block.value() instanceof JsonObject)) {
            return List.of();
        }
        return block.get("mm_objects").items().stream()
                .map(it -> it.get("mm_hash").unsignedLong())
                .toList();
    }

    private static boolean isFixed(List<JsonValue> values) {
        for (int i = 0; i < values.size(); i++) {
            boolean isNumber = i == 0 || i == 2;
            JsonValue value = values.get(i);
            boolean fits =
                    value == JsonNull.NULL
                            || (isNumber ? number(value).isPresent() : text(value).isPresent());
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Integer> number(JsonValue value) {
        return value instanceof JsonNumber number
                        && number.isInteger()
                        && number.bigInteger().signum() >= 0
                        && number.bigInteger().bitLength() < Integer.SIZE
                ? Optional.of(number.bigInteger().intValueExact())
                : Optional.empty();
    }

    private static Optional<String> text(JsonValue value) {
        return value instanceof JsonString(var text) ? Optional.of(text) : Optional.empty();
    }
}
