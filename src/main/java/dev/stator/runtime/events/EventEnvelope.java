package dev.stator.runtime.events;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.platform.codec.MessagePack;
import dev.stator.platform.codec.MessagePackReader;
import dev.stator.platform.codec.MessagePackReader.Kind;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// What Dynamo puts around every event: a MessagePack map whose `payload` is a byte string that
/// holds the event, MessagePack as well.
///
/// ```
/// {"publisher_id": 7, "sequence": 0, "published_at": 1700000000000, "topic": "kv-events",
///  "payload": <bytes>}
/// ```
///
/// @param publisherId one per publisher and topic, an unsigned number; writers of 1.4 use 53 bits
/// @param sequence from 0, one more for each envelope of the publisher, an unsigned number
/// @param publishedAtMillis since 1970
/// @param topic such as `kv-events`
/// @param payload the event
public record EventEnvelope(
        long publisherId, long sequence, long publishedAtMillis, String topic, JsonValue payload) {

    /// Bits of a publisher's id, so that every reader of JSON can hold it.
    public static final int PUBLISHER_ID_BITS = 53;

    private static final String PUBLISHER_ID = "publisher_id";
    private static final String SEQUENCE = "sequence";
    private static final String PUBLISHED_AT = "published_at";
    private static final String TOPIC = "topic";
    private static final String PAYLOAD = "payload";

    /// The envelope as bytes, members in the order above.
    public byte[] write() {
        Map<String, Object> members = LinkedHashMap.newLinkedHashMap(5);
        members.put(PUBLISHER_ID, publisherId);
        members.put(SEQUENCE, sequence);
        members.put(PUBLISHED_AT, publishedAtMillis);
        members.put(TOPIC, new JsonString(topic));
        members.put(PAYLOAD, MessagePack.write(payload));
        return MessagePack.writeMap(members);
    }

    /// Reads an envelope with its members in any order; members of other names are skipped, and the
    /// payload may be an array of numbers instead of a byte string.
    ///
    /// Throws `JsonException` when it is no such envelope or exceeds a limit.
    public static EventEnvelope read(byte[] bytes, JsonLimits limits) {
        try (var reader = new MessagePackReader(bytes, limits)) {
            var members = new Members();
            for (int left = reader.map(); left > 0; left--) {
                members.read(reader, limits);
            }
            reader.requireEnd();
            return members.envelope();
        }
    }

    private static byte[] bytes(MessagePackReader reader) {
        if (reader.next() == Kind.BYTES) {
            return reader.bytes();
        }
        byte[] bytes = new byte[reader.array()];
        for (int i = 0; i < bytes.length; i++) {
            long number = reader.integer();
            if (number < 0 || number > 0xff) {
                throw new JsonException("payload[" + i + "] must be a byte: " + number);
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    /// What was read so far.
    private static final class Members {
        private final Map<String, Long> numbers = new HashMap<>();
        private @Nullable String topic;
        private @Nullable JsonValue payload;

        void read(MessagePackReader reader, JsonLimits limits) {
            String name = reader.string();
            switch (name) {
                case PUBLISHER_ID, SEQUENCE, PUBLISHED_AT -> numbers.put(name, reader.integer());
                case TOPIC -> topic = reader.string();
                case PAYLOAD -> payload = MessagePack.read(bytes(reader), limits);
                default -> reader.skip();
            }
        }

        EventEnvelope envelope() {
            return new EventEnvelope(
                    present(PUBLISHER_ID, numbers.get(PUBLISHER_ID)),
                    present(SEQUENCE, numbers.get(SEQUENCE)),
                    present(PUBLISHED_AT, numbers.get(PUBLISHED_AT)),
                    present(TOPIC, topic),
                    present(PAYLOAD, payload));
        }

        private static <T> T present(String name, @Nullable T value) {
            if (value == null) {
                throw new JsonException("the envelope has no " + name);
            }
            return value;
        }
    }
}
