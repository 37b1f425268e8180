package dev.stator.routing.share;

import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonObject;
import dev.stator.routing.rebalance.Rebalance;
import dev.stator.runtime.events.EventForm;
import dev.stator.tokens.TokenBlocks;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// Replications, the same JSON in both layouts.
///
/// ```
/// {"type": "PrefixReplicated", "router_id": 5, "at": "2026-01-31T12:00:00Z",
///  "reason": "the holder is overloaded", "from": {"worker_id": 42, "dp_rank": 0},
///  "to": {"worker_id": 43, "dp_rank": 0}, "wait_seconds": 1.5,
///  "prefix": {"sequence_hash": 7, "blocks": 2, "block_size": 16, "block_hashes": [3, 4]}}
/// ```
///
/// Of a long prefix the block hashes of its beginning are told.
record ReplicatedForm(String subjectName, List<String> patterns) implements EventForm<Replicated> {

    /// Blocks whose hashes are told.
    static final int BLOCKS_MAX = 4_096;

    private static final String TYPE = "type";
    private static final String REPLICATED = "PrefixReplicated";
    private static final String ROUTER = "router_id";
    private static final String AT = "at";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String WAIT = "wait_seconds";
    private static final String PREFIX = "prefix";
    private static final String BLOCK_SIZE = "block_size";
    private static final String BLOCK_HASHES = "block_hashes";

    ReplicatedForm {
        patterns = List.copyOf(patterns);
    }

    @Override
    public String subject(Replicated event) {
        return subjectName;
    }

    @Override
    public JsonValue write(Replicated event) {
        Rebalance rebalance = event.rebalance();
        return new JsonObjectBuilder()
                .put(TYPE, REPLICATED)
                .putUnsigned(ROUTER, event.routerId())
                .put(AT, event.at().toString())
                .put("reason", "the holder is overloaded")
                .put(FROM, worker(rebalance.from()))
                .put(TO, worker(rebalance.to()))
                .put(WAIT, rebalance.waitSeconds())
                .put(PREFIX, prefix(rebalance))
                .build();
    }

    @Override
    public Replicated read(JsonField json) {
        JsonField type = json.get(TYPE);
        if (!type.string().equals(REPLICATED)) {
            throw type.invalid("must be " + REPLICATED);
        }
        var rebalance =
                new Rebalance(
                        prefix(json.get(PREFIX)),
                        worker(json.get(FROM)),
                        worker(json.get(TO)),
                        json.get(WAIT).number());
        return new Replicated(json.get(ROUTER).unsignedLong(), rebalance, instant(json.get(AT)));
    }

    private static JsonObject prefix(Rebalance rebalance) {
        TokenBlocks blocks = rebalance.prefix();
        return new JsonObjectBuilder()
                .putUnsigned("sequence_hash", rebalance.sequenceHash())
                .put("blocks", blocks.count())
                .put(BLOCK_SIZE, blocks.blockSizeTokens())
                .putUnsigned(BLOCK_HASHES, Arrays.stream(blocks.blockHashes()).limit(BLOCKS_MAX))
                .build();
    }

    private static TokenBlocks prefix(JsonField json) {
        List<JsonField> hashes = json.get(BLOCK_HASHES).items();
        if (hashes.isEmpty() || hashes.size() > BLOCKS_MAX) {
            throw json.get(BLOCK_HASHES).invalid("must have 1 to " + BLOCKS_MAX + " entries");
        }
        return TokenBlocks.of(
                json.get(BLOCK_SIZE).integer(1, Integer.MAX_VALUE),
                hashes.stream().mapToLong(JsonField::unsignedLong).toArray());
    }

    private static JsonObject worker(WorkerId worker) {
        return new JsonObjectBuilder()
                .putUnsigned("worker_id", worker.value())
                .put("dp_rank", worker.rank())
                .build();
    }

    private static WorkerId worker(JsonField json) {
        return new WorkerId(
                json.get("worker_id").unsignedLong(),
                json.get("dp_rank").integer(0, Integer.MAX_VALUE));
    }

    private static Instant instant(JsonField json) {
        try {
            return Instant.parse(json.string());
        } catch (DateTimeException e) {
            throw json.invalid("must be a time as in 2026-01-31T12:00:00Z");
        }
    }
}
