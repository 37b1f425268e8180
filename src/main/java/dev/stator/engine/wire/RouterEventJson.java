package dev.stator.engine.wire;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvEventSource;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.kv.cache.WorkerId;
import dev.stator.kv.cache.WorkerKvEvent;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A KV event as Dynamo's `RouterEvent`.
///
/// ```
/// {"worker_id": 42, "storage_tier": "device",
///  "event": {"event_id": 1, "data": {"stored": {"parent_hash": null, "start_position": null,
///            "blocks": [{"block_hash": 7, "tokens_hash": 9, "mm_extra_info": null}]}},
///            "dp_rank": 0},
///  "incarnation": "9f…"}
/// ```
///
/// `incarnation` is ours: other readers ignore it, and what others write is read as incarnation 0.
/// What happens in tiers that are not the worker's own, `external` and unknown ones, is read as the
/// removal of nothing, so that it counts in the sequence and changes no index.
public final class RouterEventJson {
    static final String INCARNATION = "incarnation";
    private static final String WORKER_ID = "worker_id";
    private static final String EVENT_ID = "event_id";
    private static final String BLOCK_HASHES = "block_hashes";
    private static final String PARENT_HASH = "parent_hash";
    private static final String CLEARED = "cleared";
    private static final String STORAGE_TIER = "storage_tier";
    static final String RANK = "dp_rank";

    private RouterEventJson() {}

    static JsonObject write(WorkerKvEvent event) {
        KvEventSource source = event.source();
        JsonObjectBuilder json = of(source.worker(), event.sequence(), event.event());
        putIncarnation(json, source);
        return json.build();
    }

    /// The event of one worker, as in a dump.
    ///
    /// @param id counts the worker's events
    public static JsonObject write(WorkerId worker, long id, KvCacheEvent event) {
        return of(worker, id, event).build();
    }

    private static JsonObjectBuilder of(WorkerId worker, long id, KvCacheEvent event) {
        return new JsonObjectBuilder()
                .putUnsigned(WORKER_ID, worker.value())
                .put(STORAGE_TIER, name(tier(event)))
                .put(
                        "event",
                        new JsonObjectBuilder()
                                .putUnsigned(EVENT_ID, id)
                                .put("data", data(event))
                                .put(RANK, worker.rank())
                                .build());
    }

    static WorkerKvEvent read(JsonField json) {
        JsonField event = json.get("event");
        Optional<StorageTier> tier = tier(json.get(STORAGE_TIER));
        return new WorkerKvEvent(
                new KvEventSource(
                        new WorkerId(json.get(WORKER_ID).unsignedLong(), rank(event)),
                        incarnation(json)),
                event.get(EVENT_ID).unsignedLong(),
                tier.isPresent() ? data(event.get("data"), tier.get()) : new Removed(List.of()));
    }

    /// Dynamo's name of a tier.
    static String name(StorageTier tier) {
        return switch (tier) {
            case DEVICE -> "device";
            case HOST -> "host_pinned";
            case DISK -> "disk";
        };
    }

    /// The tier by its name, the device when there is none, empty when it is not the worker's own.
    static Optional<StorageTier> tier(JsonField name) {
        if (!name.isPresent()) {
            return Optional.of(StorageTier.DEVICE);
        }
        String wanted = name.string();
        return Stream.of(StorageTier.values()).filter(it -> name(it).equals(wanted)).findFirst();
    }

    static StorageTier tier(KvCacheEvent event) {
        return switch (event) {
            case Stored(_, _, var tier) -> tier;
            case Removed(_, var tier) -> tier;
            case Cleared() -> StorageTier.DEVICE;
        };
    }

    /// The member `dp_rank`, 0 when it is missing.
    static int rank(JsonField json) {
        return json.get(RANK).integerOr(0, 0, Integer.MAX_VALUE);
    }

    /// Nothing for incarnation 0, which is how what has none is read.
    static void putIncarnation(JsonObjectBuilder json, KvEventSource source) {
        if (source.incarnation() != 0) {
            json.put(INCARNATION, Long.toHexString(source.incarnation()));
        }
    }

    /// The member `incarnation`, 0 when it is missing.
    static long incarnation(JsonField json) {
        Optional<JsonField> field = json.get(INCARNATION).optional();
        if (field.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(field.get().string(), 16);
        } catch (NumberFormatException e) {
            throw field.get().invalid("must be a hexadecimal number");
        }
    }

    static Optional<SequenceHash> parent(JsonField json) {
        return json.optional().map(it -> new SequenceHash(it.unsignedLong()));
    }

    static List<SequenceHash> hashes(JsonField json) {
        return Arrays.stream(json.unsignedLongs()).mapToObj(SequenceHash::new).toList();
    }

    static void putHashes(JsonObjectBuilder json, String name, List<SequenceHash> hashes) {
        json.putUnsigned(name, hashes.stream().mapToLong(SequenceHash::value));
    }

    static void putParent(JsonObjectBuilder json, String name, Optional<SequenceHash> parent) {
        parent.ifPresentOrElse(it -> json.putUnsigned(name, it.value()), () -> json.putNull(name));
    }

    private static JsonValue data(KvCacheEvent event) {
        return switch (event) {
            case Stored stored -> new JsonObjectBuilder().put("stored", stored(stored)).build();
            case Removed(var blocks, _) ->
                    new JsonObjectBuilder().put("removed", removed(blocks)).build();
            case Cleared() -> new JsonString(CLEARED);
        };
    }

    private static JsonObject stored(Stored stored) {
        var json = new JsonObjectBuilder();
        putParent(json, PARENT_HASH, stored.parent());
        return json.putNull("start_position")
                .putAll("blocks", stored.blocks().stream().map(RouterEventJson::block).toList())
                .build();
    }

    private static JsonObject removed(List<SequenceHash> blocks) {
        var json = new JsonObjectBuilder();
        putHashes(json, BLOCK_HASHES, blocks);
        return json.build();
    }

    private static JsonObject block(StoredBlock block) {
        return new JsonObjectBuilder()
                .putUnsigned("block_hash", block.sequenceHash().value())
                .putUnsigned("tokens_hash", block.blockHash().value())
                .putNull("mm_extra_info")
                .build();
    }

    private static KvCacheEvent data(JsonField data, StorageTier tier) {
        if (data.isString() && data.string().equals(CLEARED)) {
            return new Cleared();
        }
        if (data.isObject() && data.get("stored").isPresent()) {
            JsonField stored = data.get("stored");
            return new Stored(
                    parent(stored.get(PARENT_HASH)),
                    stored.get("blocks").items().stream().map(RouterEventJson::block).toList(),
                    tier);
        }
        if (data.isObject() && data.get("removed").isPresent()) {
            return Removed.of(data.get("removed").get(BLOCK_HASHES).unsignedLongs(), tier);
        }
        throw data.invalid("must be stored, removed or cleared");
    }

    private static StoredBlock block(JsonField block) {
        return new StoredBlock(
                new SequenceHash(block.get("block_hash").unsignedLong()),
                new BlockHash(block.get("tokens_hash").unsignedLong()));
    }
}
