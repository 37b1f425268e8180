package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.testing.GoldenMessages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// What tests of messages have in common.
public final class Wire {
    private Wire() {}

    /// Ours is written as the recorded message, byte for byte in both formats, and the recorded
    /// message is read as ours.
    public static <T> void assertGolden(
            String name, T ours, Function<T, JsonValue> writer, Function<JsonField, T> reader) {
        GoldenMessages.Message golden = GoldenMessages.named(name);
        JsonValue tree = writer.apply(ours);
        assertThat(Json.write(tree)).isEqualTo(golden.json());
        assertThat(WireFormat.MESSAGE_PACK.write(tree)).isEqualTo(golden.messagePack());
        for (JsonField theirs : golden(name)) {
            assertThat(reader.apply(theirs)).as(name).isEqualTo(ours);
        }
    }

    /// The recorded message as both formats give it.
    public static List<JsonField> golden(String name) {
        GoldenMessages.Message golden = GoldenMessages.named(name);
        return List.of(
                WireFormat.JSON.read(golden.json().getBytes(StandardCharsets.UTF_8)),
                WireFormat.MESSAGE_PACK.read(golden.messagePack()));
    }

    /// A message written by hand, as both formats give it.
    public static List<JsonField> messages(String json) {
        JsonValue tree = Json.parse(json, JsonLimits.REQUEST);
        return List.of(WireFormat.JSON.carry(tree), WireFormat.MESSAGE_PACK.carry(tree));
    }

    /// A message written by hand.
    public static JsonField message(String json) {
        return JsonField.root(Json.parse(json, JsonLimits.REQUEST));
    }
}
