package dev.stator.engine.kvevents;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.SequenceHash;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Payloads as engines encode them and what they mean, recorded by
/// `tools/golden/kvevents/record.py`.
public final class GoldenBatches {
    static final int BLOCK_SIZE = 4;

    private GoldenBatches() {}

    /// Payloads that follow each other, and what comes of them.
    ///
    /// @param counted by the name of the number in `KvListenerStats`
    public record Case(
            String name,
            List<byte[]> payloads,
            List<KvCacheEvent> events,
            Map<String, Long> counted) {

        @Override
        public String toString() {
            return name;
        }
    }

    public static List<Case> cases() {
        try (InputStream file =
                GoldenBatches.class.getResourceAsStream(
                        "/dev/stator/golden/kvevents/batches.json")) {
            return JsonField.root(Json.parse(file.readAllBytes(), JsonLimits.FILE))
                    .get("cases")
                    .items()
                    .stream()
                    .map(GoldenBatches::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case read(JsonField json) {
        Map<String, Long> counted = new TreeMap<>();
        json.get("counted")
                .members()
                .forEach((name, field) -> counted.put(name, field.unsignedLong()));
        return new Case(
                json.get("name").string(),
                json.get("payloads").items().stream()
                        .map(it -> HexFormat.of().parseHex(it.string()))
                        .toList(),
                json.get("events").items().stream().map(GoldenBatches::event).toList(),
                counted);
    }

    private static KvCacheEvent event(JsonField json) {
        if (json.isString()) {
            return new Cleared();
        }
        if (json.get("removed").isPresent()) {
            return new Removed(
                    json.get("removed").items().stream().map(GoldenBatches::name).toList(),
                    tier(json));
        }
        JsonField stored = json.get("stored");
        List<StoredBlock> blocks = new ArrayList<>();
        for (JsonField block : stored.get("blocks").items()) {
            long hash = Long.parseUnsignedLong(block.items().get(1).string(), 16);
            blocks.add(new StoredBlock(name(block.items().getFirst()), new BlockHash(hash)));
        }
        return new Stored(
                stored.get("parent").optional().map(GoldenBatches::name), blocks, tier(json));
    }

    private static StorageTier tier(JsonField event) {
        return event.get("tier")
                .optional()
                .map(it -> StorageTier.valueOf(it.string()))
                .orElse(StorageTier.DEVICE);
    }

    private static SequenceHash name(JsonField json) {
        return new SequenceHash(Long.parseUnsignedLong(json.string(), 16));
    }
}
