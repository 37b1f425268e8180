package dev.stator.testing;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;

/// Messages of Dynamo's wire as recorded by `tools/golden/wire/record.py`.
public final class GoldenMessages {
    private static final String RESOURCE = "/dev/stator/golden/wire/messages.json";
    private static final JsonField MESSAGES = read();

    private GoldenMessages() {}

    /// One message.
    ///
    /// @param json as its text
    /// @param messagePack as its bytes
    public record Message(String json, byte[] messagePack) {}

    public static Message named(String name) {
        JsonField message = MESSAGES.get(name);
        return new Message(
                message.get("json").string(),
                HexFormat.of().parseHex(message.get("msgpack").string()));
    }

    private static JsonField read() {
        try (InputStream resource = GoldenMessages.class.getResourceAsStream(RESOURCE)) {
            byte[] bytes = Objects.requireNonNull(resource, RESOURCE).readAllBytes();
            return JsonField.root(Json.parse(bytes, JsonLimits.FILE)).get("messages");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
