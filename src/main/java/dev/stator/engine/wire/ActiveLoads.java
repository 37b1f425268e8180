package dev.stator.engine.wire;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.runtime.events.EventForm;

import java.util.List;
import java.util.OptionalLong;

/// Loads, the same members in both layouts.
///
/// ```
/// {"worker_id": 42, "dp_rank": 0, "active_decode_blocks": null, "active_prefill_tokens": null,
///  "kv_used_blocks": 12}
/// ```
record ActiveLoads(String subjectName, List<String> patterns) implements EventForm<ActiveLoad> {
    static final String TOPIC = "kv_metrics";
    private static final String WORKER_ID = "worker_id";
    private static final String DECODE = "active_decode_blocks";
    private static final String PREFILL = "active_prefill_tokens";
    private static final String USED = "kv_used_blocks";

    ActiveLoads {
        patterns = List.copyOf(patterns);
    }

    @Override
    public String subject(ActiveLoad load) {
        return subjectName;
    }

    @Override
    public JsonValue write(ActiveLoad load) {
        WorkerId worker = load.worker();
        var json =
                new JsonObjectBuilder()
                        .putUnsigned(WORKER_ID, worker.value())
                        .put(RouterEventJson.RANK, worker.rank());
        put(json, DECODE, load.activeDecodeBlocks());
        put(json, PREFILL, load.activePrefillTokens());
        put(json, USED, load.kvUsedBlocks());
        return json.build();
    }

    @Override
    public ActiveLoad read(JsonField json) {
        return new ActiveLoad(
                new WorkerId(json.get(WORKER_ID).unsignedLong(), RouterEventJson.rank(json)),
                count(json.get(DECODE)),
                count(json.get(PREFILL)),
                count(json.get(USED)));
    }

    private static void put(JsonObjectBuilder json, String name, OptionalLong count) {
        count.ifPresentOrElse(it -> json.put(name, it), () -> json.putNull(name));
    }

    private static OptionalLong count(JsonField json) {
        return json.isPresent()
                ? OptionalLong.of(json.integer(0, Long.MAX_VALUE))
                : OptionalLong.empty();
    }
}
