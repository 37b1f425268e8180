package dev.stator.engine.wire;

import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.MessagePack;

import java.nio.charset.StandardCharsets;

/// The two ways in which planes write trees.
public enum WireFormat {
    JSON {
        @Override
        public byte[] write(JsonValue tree) {
            return Json.write(tree).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public JsonField read(byte[] bytes) {
            return JsonField.root(Json.parse(bytes, JsonLimits.REQUEST));
        }
    },
    MESSAGE_PACK {
        @Override
        public byte[] write(JsonValue tree) {
            return MessagePack.write(tree);
        }

        @Override
        public JsonField read(byte[] bytes) {
            return JsonField.root(MessagePack.read(bytes, JsonLimits.REQUEST));
        }
    };

    public abstract byte[] write(JsonValue tree);

    public abstract JsonField read(byte[] bytes);

    /// What a reader on the other side sees.
    public JsonField carry(JsonValue tree) {
        return read(write(tree));
    }
}
