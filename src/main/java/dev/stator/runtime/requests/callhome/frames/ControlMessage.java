package dev.stator.runtime.requests.callhome.frames;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The header of a request: what it is called, where its answer is awaited, and how it is written.
///
/// @param id of the request
/// @param address `host:port` of the caller
/// @param subject under which the caller awaits this answer
/// @param keepsConnection whether the caller lets the answer's connection serve for others after
///     it; a member of our own, which only workers are told that say they understand it
/// @param metadata what is said about the request besides
public record ControlMessage(
        String id,
        String address,
        String subject,
        PayloadCodec codec,
        boolean keepsConnection,
        Map<String, String> metadata) {
    private static final JsonLimits LIMITS = new JsonLimits(16, 64 << 10, 64 << 10, 64);
    private static final String KEEPS = "keeps_connection";
    private static final String TRANSPORT = "tcp_server";
    private static final String METADATA = "metadata";

    public ControlMessage {
        metadata = Map.copyOf(metadata);
    }

    public byte[] toBytes() {
        var info =
                new JsonObjectBuilder()
                        .put("address", address)
                        .put("subject", subject)
                        .put("context", id)
                        .put("stream_type", "response");
        if (keepsConnection) {
            info.put(KEEPS, true);
        }
        var connection =
                new JsonObjectBuilder()
                        .put("transport", TRANSPORT)
                        .put("info", Json.write(info.build()))
                        .build();
        var message =
                new JsonObjectBuilder()
                        .put("id", id)
                        .put("request_type", "single_in")
                        .put("response_type", "many_out")
                        .put("payload_codec", codec.wireName())
                        .put("connection_info", connection);
        if (!metadata.isEmpty()) {
            Map<String, JsonValue> texts = new TreeMap<>();
            metadata.forEach((name, text) -> texts.put(name, new JsonString(text)));
            message.put(METADATA, new JsonObject(texts));
        }
        return Json.write(message.build()).getBytes(StandardCharsets.UTF_8);
    }

    /// Throws `FrameException` when it is no control message, or asks for an answer on another way.
    public static ControlMessage parse(byte[] header) {
        try {
            JsonField message = JsonField.root(Json.parse(header, LIMITS));
            JsonField connection = message.get("connection_info");
            String transport = connection.get("transport").string();
            if (!transport.equals(TRANSPORT)) {
                throw new FrameException("answers cannot be sent by \"" + transport + "\"");
            }
            String text = connection.get("info").string();
            JsonField info = JsonField.root(Json.parse(text, LIMITS));
            JsonField codec = message.get("payload_codec");
            JsonField keeps = info.get(KEEPS);
            return new ControlMessage(
                    message.get("id").string(),
                    info.get("address").string(),
                    info.get("subject").string(),
                    codec.isPresent() ? PayloadCodec.named(codec.string()) : PayloadCodec.JSON,
                    keeps.isPresent() && keeps.bool(),
                    metadata(message.get(METADATA)));
        } catch (JsonException | JsonFieldException e) {
            throw new FrameException("a control message is unreadable: " + e.getMessage());
        }
    }

    private static Map<String, String> metadata(JsonField json) {
        if (!json.isPresent()) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        json.members().forEach((name, text) -> texts.put(name, text.string()));
        return texts;
    }
}
