package dev.stator.engine.wire;

import dev.stator.engine.EngineInfo;

import java.util.Map;
import java.util.TreeMap;

/// What a worker says about itself in discovery.
///
/// @param incarnation of its cache
public record WorkerCard(long incarnation, EngineInfo engine) {
    private static final String INCARNATION = "incarnation";
    private static final String MODEL = "display_name";
    private static final String CONTEXT_LENGTH = "context_length";
    private static final String BLOCK_SIZE = "kv_cache_block_size";
    private static final String TOTAL_BLOCKS = "total_kv_blocks";
    private static final String MAX_BATCH_TOKENS = "max_num_batched_tokens";
    private static final String MAX_SEQUENCES = "max_num_seqs";

    public Map<String, String> toMetadata() {
        var metadata = new TreeMap<String, String>();
        metadata.put(INCARNATION, Long.toHexString(incarnation));
        metadata.put(MODEL, engine.model());
        metadata.put(CONTEXT_LENGTH, Integer.toString(engine.contextLengthTokens()));
        metadata.put(BLOCK_SIZE, Integer.toString(engine.blockSizeTokens()));
        metadata.put(TOTAL_BLOCKS, Integer.toString(engine.totalBlocks()));
        metadata.put(MAX_BATCH_TOKENS, Integer.toString(engine.maxBatchTokens()));
        metadata.put(MAX_SEQUENCES, Integer.toString(engine.maxSequences()));
        return metadata;
    }

    /// Throws `IllegalArgumentException` naming the key that is missing or malformed.
    public static WorkerCard parse(Map<String, String> metadata) {
        return new WorkerCard(
                incarnation(metadata),
                new EngineInfo(
                        text(metadata, MODEL),
                        number(metadata, CONTEXT_LENGTH),
                        number(metadata, BLOCK_SIZE),
                        number(metadata, TOTAL_BLOCKS),
                        number(metadata, MAX_BATCH_TOKENS),
                        number(metadata, MAX_SEQUENCES)));
    }

    private static long incarnation(Map<String, String> metadata) {
        String text = text(metadata, INCARNATION);
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    INCARNATION + " must be a hexadecimal number: \"" + text + "\"", e);
        }
    }

    private static int number(Map<String, String> metadata, String key) {
        String text = text(metadata, key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " must be a number: \"" + text + "\"", e);
        }
    }

    private static String text(Map<String, String> metadata, String key) {
        String text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException(key + " is missing from a worker's card");
        }
        return text;
    }
}
