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
import dev.stator.runtime.events.EventForm;
import dev.stator.tokens.BlockHash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// KV events for people: what was stored on `{namespace}.kvcache.{worker_id}.update`, what was
/// dropped on `….evict`, as one flat object with the engines' own names.
///
/// ```
/// {"type": "BlockStored", "worker_id": 42, "incarnation": "9f…", "event_id": 1, "dp_rank": 0,
///  "parent_block_hash": null, "block_hashes": [7], "tokens_hashes": [9]}
/// {"type": "BlockRemoved", …, "block_hashes": [7]}
/// {"type": "AllBlocksCleared", …}
/// ```
///
/// Blocks that are not in device memory say so: `"storage_tier": "host_pinned"` or `"disk"`.
record ReadableKvEvents(String namespace) implements EventForm<WorkerKvEvent> {
    private static final String TYPE = "type";
    private static final String STORED = "BlockStored";
    private static final String REMOVED = "BlockRemoved";
    private static final String CLEARED = "AllBlocksCleared";
    private static final String PARENT = "parent_block_hash";
    private static final String BLOCKS = "block_hashes";
    private static final String TOKENS = "tokens_hashes";
    private static final String TIER = "storage_tier";

    @Override
    public String subject(WorkerKvEvent event) {
        String what =
                switch (event.event()) {
                    case Stored _ -> "update";
                    case Removed _, Cleared _ -> "evict";
                };
        long worker = event.source().worker().value();
        return namespace + ".kvcache." + Long.toUnsignedString(worker) + "." + what;
    }

    @Override
    public List<String> patterns() {
        return List.of(namespace + ".kvcache.*.update", namespace + ".kvcache.*.evict");
    }

    @Override
    public JsonValue write(WorkerKvEvent event) {
        return switch (event.event()) {
            case Stored(var parent, var blocks, var tier) -> {
                JsonObjectBuilder json = head(STORED, event, tier);
                RouterEventJson.putParent(json, PARENT, parent);
                yield json.putUnsigned(
                                BLOCKS, blocks.stream().mapToLong(it -> it.sequenceHash().value()))
                        .putUnsigned(
                                TOKENS, blocks.stream().mapToLong(it -> it.blockHash().value()))
                        .build();
            }
            case Removed(var blocks, var tier) -> {
                JsonObjectBuilder json = head(REMOVED, event, tier);
                RouterEventJson.putHashes(json, BLOCKS, blocks);
                yield json.build();
            }
            case Cleared() -> head(CLEARED, event, StorageTier.DEVICE).build();
        };
    }

    @Override
    public WorkerKvEvent read(JsonField json) {
        return new WorkerKvEvent(
                new KvEventSource(
                        new WorkerId(
                                json.get("worker_id").unsignedLong(), RouterEventJson.rank(json)),
                        RouterEventJson.incarnation(json)),
                json.get("event_id").unsignedLong(),
                change(json));
    }

    private static JsonObjectBuilder head(String type, WorkerKvEvent event, StorageTier tier) {
        WorkerId worker = event.source().worker();
        var json = new JsonObjectBuilder().put(TYPE, type).putUnsigned("worker_id", worker.value());
        RouterEventJson.putIncarnation(json, event.source());
        json.putUnsigned("event_id", event.sequence()).put(RouterEventJson.RANK, worker.rank());
        return tier == StorageTier.DEVICE ? json : json.put(TIER, RouterEventJson.name(tier));
    }

    private static KvCacheEvent change(JsonField json) {
        JsonField type = json.get(TYPE);
        Optional<StorageTier> known = RouterEventJson.tier(json.get(TIER));
        if (known.isEmpty()) {
            return new Removed(List.of());
        }
        StorageTier tier = known.get();
        return switch (type.string()) {
            case STORED -> new Stored(RouterEventJson.parent(json.get(PARENT)), blocks(json), tier);
            case REMOVED -> new Removed(RouterEventJson.hashes(json.get(BLOCKS)), tier);
            case CLEARED -> new Cleared();
            default -> throw type.invalid("must be BlockStored, BlockRemoved or AllBlocksCleared");
        };
    }

    private static List<StoredBlock> blocks(JsonField json) {
        var names = RouterEventJson.hashes(json.get(BLOCKS));
        long[] tokens = json.get(TOKENS).unsignedLongs();
        if (names.size() != tokens.length) {
            throw json.get(TOKENS).invalid("must be as many as block_hashes, " + names.size());
        }
        List<StoredBlock> blocks = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            blocks.add(new StoredBlock(names.get(i), new BlockHash(tokens[i])));
        }
        return blocks;
    }
}
