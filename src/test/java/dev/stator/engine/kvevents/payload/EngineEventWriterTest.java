package dev.stator.engine.kvevents.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.kvevents.payload.EngineEvent.AllBlocksCleared;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockRemoved;
import dev.stator.engine.kvevents.payload.EngineEvent.BlockStored;
import dev.stator.engine.kvevents.payload.EngineEventWriter.Change;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.BlockHash;
import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

class EngineEventWriterTest {

    /// `[1700000000.5, [["BlockStored", [0xcb38e4d7fb2dca5c], nil, [1, 2, 3, 4], 4, nil, "GPU",
    /// nil]], 0]`, packed by Python's msgpack.
    static final String WORKED_EXAMPLE =
            "93cb41d954fc402000009198ab426c6f636b53746f72656491cfcb38e4d7fb2dca5cc0"
                    + "940102030404c0a3475055c000";

    private static final SequenceHash BIG = new SequenceHash(0xcb38e4d7fb2dca5cL);
    private static final SequenceHash SEVEN = new SequenceHash(7);

    private final EngineEventWriter writer = new EngineEventWriter(0);

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void writesTheWorkedExample() {
        byte[] payload =
                writer.write(
                        1_700_000_000.5,
                        List.of(stored(Optional.empty(), CacheNamespace.SHARED, BIG)));

        assertThat(HexFormat.of().formatHex(payload)).isEqualTo(WORKED_EXAMPLE);
    }

    @Test
    void whatIsWrittenIsRead() {
        var salted = new CacheNamespace("my-lora", "tenant-a");
        byte[] first =
                writer.write(
                        2,
                        List.of(
                                stored(Optional.of(BIG), salted, SEVEN, BIG),
                                new Change.Plain(new Removed(List.of(SEVEN, BIG))),
                                new Change.Plain(new Cleared())));
        byte[] second = writer.write(3, List.of());

        assertThat(EngineEventReader.read(first).events())
                .containsExactly(
                        new BlockStored(
                                List.of(SEVEN, BIG),
                                Optional.of(BIG),
                                TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8),
                                4,
                                false,
                                salted,
                                List.of(),
                                EventScope.DEVICE),
                        new BlockRemoved(List.of(SEVEN, BIG), EventScope.DEVICE),
                        new AllBlocksCleared());
        assertThat(EngineEventReader.read(second).events()).isEmpty();
    }

    /// Blocks of 4 tokens that count up from 1.
    private static Change stored(
            Optional<SequenceHash> parent, CacheNamespace namespace, SequenceHash... names) {
        int[] ids = new int[4 * names.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i + 1;
        }
        List<StoredBlock> blocks =
                List.of(names).stream().map(it -> new StoredBlock(it, new BlockHash(0))).toList();
        return new Change.WithTokens(
                new Stored(parent, blocks), new StoredTokens(namespace, 4, TokenIds.of(ids)));
    }
}
