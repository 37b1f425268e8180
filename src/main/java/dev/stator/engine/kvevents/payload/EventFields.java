package dev.stator.engine.kvevents.payload;

import dev.stator.engine.kvevents.payload.EngineEvent.AllBlocksCleared;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockRemoved;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockStored;
import dev.stator.engine.kvevents.payload.EngineEvent.Unsupported;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.MessagePackReader;
import dev.stator.platform.codec.MessagePackReader.Kind;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The fields of one event as far as they are read, by the names that the engines give them.
final class EventFields {
    private @Nullable List<SequenceHash> blocks;
    private Optional<SequenceHash> parent = Optional.empty();
    private @Nullable TokenIds tokens;
    private boolean isEagle;
    private OptionalInt blockSizeTokens = OptionalInt.empty();
    private String medium = "";
    private String loraName = "";
    private Optional<String> salt = Optional.empty();
    private ExtraKeys extraKeys = ExtraKeys.NONE;
    private Optional<List<List<Long>>> objects = Optional.empty();
    private OptionalInt group = OptionalInt.empty();
    private Optional<AttentionKind> kind = Optional.empty();
    private boolean isLocal = true;

    void group(int index) {
        group = OptionalInt.of(index);
    }

    void kind(String name) {
        kind = Optional.of(AttentionKind.of(name));
    }

    /// `LOCAL` or something that is not ours.
    void locality(String name) {
        isLocal = name.equals("LOCAL");
    }

    void objects(List<List<Long>> byBlock) {
        objects = Optional.of(byBlock);
    }

    /// Reads the value of one field; those that nobody needs are skipped.
    void read(String name, MessagePackReader reader) {
        switch (name) {
            case "block_hashes" -> blocks = hashes(reader);
            case "parent_block_hash" ->
                    parent = reader.skipNil() ? Optional.empty() : Optional.of(hash(reader));
            case "token_ids" -> readTokens(reader);
            case "block_size" -> blockSizeTokens = OptionalInt.of(blockSize(reader));
            case "medium" -> medium = text(reader).orElse("");
            case "lora_name" -> readLora(reader);
            case "cache_salt" -> salt = text(reader);
            case "extra_keys" -> extraKeys = ExtraKeys.read(reader);
            case "block_mm_infos" -> {
                if (!reader.skipNil()) {
                    objects(TrailingFields.objects(reader.value()));
                }
            }
            case "group_idx" -> {
                if (!reader.skipNil()) {
                    group((int) reader.integer());
                }
            }
            case "kv_cache_spec_kind" -> text(reader).ifPresent(this::kind);
            case "locality" -> text(reader).ifPresent(this::locality);
            default -> reader.skip();
        }
    }

    /// The event. Throws `JsonException` when a field is missing that it cannot be without.
    EngineEvent event(String tag) {
        return switch (tag) {
            case Tag.STORED -> stored();
            case Tag.REMOVED -> new BlockRemoved(present("block_hashes", blocks), scope());
            case Tag.CLEARED -> new AllBlocksCleared();
            default -> new Unsupported(tag);
        };
    }

    private BlockStored stored() {
        Optional<String> named = salt.filter(it -> !it.isEmpty());
        String cacheSalt = named.or(() -> extraKeys.salt(loraName)).orElse("");
        return new BlockStored(
                present("block_hashes", blocks),
                parent,
                present("token_ids", tokens),
                blockSizeTokens.orElseThrow(() -> new JsonException("the event has no block_size")),
                isEagle,
                new CacheNamespace(loraName, cacheSalt),
                objects.orElseGet(() -> extraKeys.objects(loraName)),
                scope());
    }

    private EventScope scope() {
        return new EventScope(Medium.tier(medium), group, kind, isLocal);
    }

    private static <T> T present(String name, @Nullable T value) {
        if (value == null) {
            throw new JsonException("the event has no " + name);
        }
        return value;
    }

    private static List<SequenceHash> hashes(MessagePackReader reader) {
        int count = reader.array();
        List<SequenceHash> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hashes.add(hash(reader));
        }
        return hashes;
    }

    /// A 64-bit number, signed or not, or a longer digest, of which the engines make a number by
    /// taking the last eight bytes.
    private static SequenceHash hash(MessagePackReader reader) {
        if (reader.next() != Kind.BYTES) {
            return new SequenceHash(reader.integer());
        }
        byte[] digest = reader.bytes();
        if (digest.length < Long.BYTES) {
            throw new JsonException(
                    "a block hash of %d bytes is too short".formatted(digest.length));
        }
        return new SequenceHash(ByteBuffer.wrap(digest).getLong(digest.length - Long.BYTES));
    }

    /// Token ids, or pairs of an id and its successor, which make the event one of an eagle model.
    private void readTokens(MessagePackReader reader) {
        int count = reader.array();
        isEagle = count > 0 && reader.next() == Kind.ARRAY;
        if (!isEagle) {
            tokens = tokens(reader.unsignedInts(count));
            return;
        }
        int[] ids = new int[count + 1];
        for (int i = 0; i < count; i++) {
            if (reader.array() != 2) {
                throw new JsonException("token_ids must be numbers or pairs of numbers");
            }
            int[] pair = reader.unsignedInts(2);
            ids[i] = pair[0];
            ids[i + 1] = pair[1];
        }
        tokens = tokens(ids);
    }

    private static TokenIds tokens(int[] ids) {
        try {
            return TokenIds.of(ids);
        } catch (IllegalArgumentException e) {
            throw new JsonException("token_ids: " + e.getMessage());
        }
    }

    private static int blockSize(MessagePackReader reader) {
        long size = reader.integer();
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new JsonException("block_size must be positive: " + size);
        }
        return (int) size;
    }

    /// A name, or SGLang's map that holds a salt.
    private void readLora(MessagePackReader reader) {
        if (reader.next() != Kind.MAP) {
            loraName = text(reader).orElse("");
            return;
        }
        for (int left = reader.map(); left > 0; left--) {
            if (reader.string().equals("cache_salt")) {
                salt = text(reader);
            } else {
                reader.skip();
            }
        }
    }

    private static Optional<String> text(MessagePackReader reader) {
        return reader.skipNil() ? Optional.empty() : Optional.of(reader.string());
    }
}
