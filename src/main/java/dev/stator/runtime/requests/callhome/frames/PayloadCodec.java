package dev.stator.runtime.requests.callhome.frames;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.MessagePack;
import dev.stator.runtime.discovery.Instance;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// How requests and items are written. A caller writes what the target says it understands, and is
/// answered in the same.
public enum PayloadCodec {
    JSON("json") {
        @Override
        public byte[] write(JsonValue value) {
            return Json.write(value).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public JsonValue read(byte[] bytes) {
            return Json.parse(bytes, JsonLimits.REQUEST);
        }
    },
    MSGPACK("msgpack") {
        @Override
        public byte[] write(JsonValue value) {
            return MessagePack.write(value);
        }

        @Override
        public JsonValue read(byte[] bytes) {
            return MessagePack.read(bytes, JsonLimits.REQUEST);
        }
    };

    private static final String METADATA_KEY = "request_plane_codec";

    private final String wireName;

    PayloadCodec(String wireName) {
        this.wireName = wireName;
    }

    /// What the instance says it understands; JSON when it says nothing or something unknown.
    public static PayloadCodec of(Instance target) {
        return MSGPACK.wireName.equals(target.metadata().get(METADATA_KEY)) ? MSGPACK : JSON;
    }

    /// Throws `FrameException` when there is no such codec.
    static PayloadCodec named(String name) {
        for (PayloadCodec codec : values()) {
            if (codec.wireName.equals(name)) {
                return codec;
            }
        }
        throw new FrameException("unknown payload codec: \"" + name + "\"");
    }

    /// What an instance says that understands this one.
    public Map<String, String> metadata() {
        return Map.of(METADATA_KEY, wireName);
    }

    String wireName() {
        return wireName;
    }

    public abstract byte[] write(JsonValue value);

    /// Throws `JsonException` when the bytes are no such tree.
    public abstract JsonValue read(byte[] bytes);
}
