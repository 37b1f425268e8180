package dev.stator.engine.kvevents.payload;

import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.codec.MessagePackReader;
import dev.stator.platform.codec.MessagePackReader.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Reads batches in the positional and in the named form; an event may have either in either.
///
/// ```
/// [ts, [event, …], rank | nil]       the third element may be missing, more may follow
/// {"ts": ts, "events": [event, …], "data_parallel_rank": rank | nil}
/// ```
public final class EngineEventReader {
    /// What one batch may cost its reader before it is refused.
    public static final JsonLimits LIMITS = new JsonLimits(16, 16L << 20, 1 << 20, 64);

    private static final List<String> STORED_FIELDS =
            List.of(
                    "block_hashes",
                    "parent_block_hash",
                    "token_ids",
                    "block_size",
                    "lora_id",
                    "medium",
                    "lora_name",
                    "extra_keys");
    private static final List<String> REMOVED_FIELDS = List.of("block_hashes", "medium");

    private EngineEventReader() {}

    /// Throws `JsonException` when the payload is no such batch or exceeds a limit.
    public static EngineEventBatch read(byte[] payload) {
        try (var reader = new MessagePackReader(payload, LIMITS)) {
            EngineEventBatch batch =
                    reader.next() == Kind.MAP ? namedBatch(reader) : positionalBatch(reader);
            reader.requireEnd();
            return batch;
        } catch (JsonFieldException e) {
            throw new JsonException(String.valueOf(e.getMessage()));
        }
    }

    private static EngineEventBatch positionalBatch(MessagePackReader reader) {
        int size = reader.array();
        if (size < 2) {
            throw new JsonException("a batch needs a time and events, but has " + size);
        }
        double timestamp = reader.number();
        List<EngineEvent> events = events(reader);
        OptionalInt rank = size == 2 ? OptionalInt.empty() : rank(reader);
        for (int left = size - 3; left > 0; left--) {
            reader.skip();
        }
        return new EngineEventBatch(timestamp, events, rank);
    }

    private static EngineEventBatch namedBatch(MessagePackReader reader) {
        double timestamp = 0;
        List<EngineEvent> events = List.of();
        boolean hasEvents = false;
        OptionalInt rank = OptionalInt.empty();
        for (int left = reader.map(); left > 0; left--) {
            switch (reader.string()) {
                case "ts" -> timestamp = reader.number();
                case "events" -> {
                    events = events(reader);
                    hasEvents = true;
                }
                case "data_parallel_rank", "dp_rank" -> rank = rank(reader);
                default -> reader.skip();
            }
        }
        if (!hasEvents) {
            throw new JsonException("the batch has no events");
        }
        return new EngineEventBatch(timestamp, events, rank);
    }

    private static OptionalInt rank(MessagePackReader reader) {
        return reader.skipNil() ? OptionalInt.empty() : OptionalInt.of((int) reader.integer());
    }

    private static List<EngineEvent> events(MessagePackReader reader) {
        int count = reader.array();
        List<EngineEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(reader.next() == Kind.MAP ? namedEvent(reader) : positionalEvent(reader));
        }
        return events;
    }

    private static EngineEvent namedEvent(MessagePackReader reader) {
        var fields = new EventFields();
        String tag = "";
        for (int left = reader.map(); left > 0; left--) {
            String name = reader.string();
            if (name.equals("type")) {
                tag = reader.string();
            } else {
                fields.read(name, reader);
            }
        }
        if (tag.isEmpty()) {
            throw new JsonException("the event has no type");
        }
        return fields.event(tag);
    }

    private static EngineEvent positionalEvent(MessagePackReader reader) {
        int size = reader.array();
        if (size == 0) {
            throw new JsonException("an event is empty");
        }
        String tag = reader.string();
        var fields = new EventFields();
        List<String> names =
                switch (tag) {
                    case Tag.STORED -> STORED_FIELDS;
                    case Tag.REMOVED -> REMOVED_FIELDS;
                    default -> List.of();
                };
        int named = Math.min(names.size(), size - 1);
        for (int i = 0; i < named; i++) {
            fields.read(names.get(i), reader);
        }
        int trailing = size - 1 - named;
        if (names.isEmpty()) {
            for (int left = trailing; left > 0; left--) {
                reader.skip();
            }
        } else {
            TrailingFields.read(reader, trailing, fields);
        }
        return fields.event(tag);
    }
}
