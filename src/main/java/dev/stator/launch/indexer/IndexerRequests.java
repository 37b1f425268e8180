package dev.stator.launch.indexer;

import dev.stator.launch.indexer.IndexRegistry.Selection;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonLimits;
import dev.stator.platform.zmq.ZmqEndpoint;
import dev.stator.tokens.BlockHasher;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenBlocks;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads what clients of the index write. A group is called `routing_group`, by older ones
/// `tenant_id`, which counts when the other is absent.
final class IndexerRequests {
    private static final String MODEL = "model_name";
    private static final String GROUP = "routing_group";
    private static final String OLD_GROUP = "tenant_id";
    private static final String INSTANCE = "instance_id";
    private static final String RANK = "dp_rank";
    private static final String SALT = "cache_salt";

    private IndexerRequests() {}

    /// Throws `JsonException` when the body is no JSON, and so do the others
    /// `JsonFieldException` or `IllegalArgumentException` with the field when they find it wrong.
    static JsonField parse(byte[] body) {
        return JsonField.root(Json.parse(body, JsonLimits.REQUEST));
    }

    static Registration registration(JsonField json) {
        return new Registration(
                key(json),
                new EngineRank(json.get(INSTANCE).unsignedLong(), rank(json).orElse(0)),
                json.get("block_size").integer(1, Registration.BLOCK_SIZE_MAX),
                endpoint(json.get("endpoint")),
                json.get("replay_endpoint").optional().map(IndexerRequests::endpoint));
    }

    static Selection selection(JsonField json) {
        return new Selection(
                json.get(MODEL).string(),
                group(json),
                json.get(INSTANCE).unsignedLong(),
                rank(json));
    }

    static IndexKey key(JsonField json) {
        return new IndexKey(json.get(MODEL).string(), group(json).orElse(IndexKey.DEFAULT_GROUP));
    }

    /// The prompt of a question by tokens.
    static TokenBlocks tokens(JsonField json, int blockSizeTokens) {
        List<JsonField> items = json.get("token_ids").items();
        int[] ids = new int[items.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = items.get(i).integer(0, Integer.MAX_VALUE);
        }
        var namespace = new CacheNamespace(text(json, "lora_name"), text(json, SALT));
        return new BlockHasher(blockSizeTokens, namespace).hash(TokenIds.of(ids));
    }

    /// The prompt of a question by block hashes, which may be written with a sign.
    static TokenBlocks hashes(JsonField json, int blockSizeTokens) {
        if (json.get(SALT).isPresent()) {
            throw json.get(SALT).invalid("must be in the hashes already, so not be given");
        }
        List<JsonField> items = json.get("block_hashes").items();
        long[] hashes = new long[items.size()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(items.get(i));
        }
        return TokenBlocks.of(blockSizeTokens, hashes);
    }

    private static long hash(JsonField json) {
        boolean isNegative = Json.write(json.value()).startsWith("-");
        return isNegative ? json.integer(Long.MIN_VALUE, -1) : json.unsignedLong();
    }

    private static Optional<String> group(JsonField json) {
        return json.get(GROUP)
                .optional()
                .or(() -> json.get(OLD_GROUP).optional())
                .map(JsonField::string);
    }

    private static OptionalInt rank(JsonField json) {
        JsonField rank = json.get(RANK);
        return rank.isPresent()
                ? OptionalInt.of(rank.integer(0, EngineRank.RANK_MAX))
                : OptionalInt.empty();
    }

    private static String text(JsonField json, String name) {
        return json.get(name).optional().map(JsonField::string).orElse("");
    }

    private static ZmqEndpoint endpoint(JsonField json) {
        try {
            return Registration.endpoint(json.string());
        } catch (IllegalArgumentException _) {
            throw json.invalid("must be tcp://host:port with a host and a port, or ipc://path");
        }
    }
}
