package dev.stator.engine.kvevents.payload;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.platform.codec.MessagePackWriter;
import dev.stator.tokens.CacheNamespace;

import java.util.List;

/// Writes batches in the positional form of vLLM.
///
/// ```
/// [ts, [event, …], rank]
/// ["BlockStored", [hash, …], parent | nil, [token, …], block_size, nil, "GPU", lora | nil]
/// ["BlockRemoved", [hash, …], "GPU"]
/// ["AllBlocksCleared"]
/// ```
///
/// In place of `GPU` stand `CPU` and `DISK` for the other tiers. A cache salt goes, with Dynamo's
/// tag, into a ninth element, the extra keys of the blocks: those of the first block name it. Every
/// event says it, so that a reader who missed the parent knows it too.
///
/// Not thread-safe.
public final class EngineEventWriter implements AutoCloseable {
    private final MessagePackWriter out = new MessagePackWriter();
    private final int rank;

    public EngineEventWriter(int rank) {
        this.rank = rank;
    }

    /// One change and, if blocks were stored, what they hold.
    public sealed interface Change {

        /// What the blocks of `event` hold.
        record WithTokens(Stored event, StoredTokens tokens) implements Change {}

        /// A change other than `Stored`.
        record Plain(KvCacheEvent event) implements Change {}
    }

    public byte[] write(double timestampSeconds, List<Change> changes) {
        out.array(3).number(timestampSeconds).array(changes.size());
        changes.forEach(this::write);
        out.integer(rank);
        return out.take();
    }

    @Override
    public void close() {
        out.close();
    }

    private void write(Change change) {
        switch (change) {
            case Change.WithTokens(var event, var tokens) -> stored(event, tokens);
            case Change.Plain(Removed(var blocks, var tier)) -> {
                out.array(3).string(Tag.REMOVED).array(blocks.size());
                blocks.forEach(it -> out.unsigned(it.value()));
                out.string(Medium.of(tier));
            }
            case Change.Plain(Cleared()) -> out.array(1).string(Tag.CLEARED);
            case Change.Plain(Stored _) ->
                    throw new IllegalArgumentException("stored blocks need their tokens");
        }
    }

    private void stored(Stored event, StoredTokens tokens) {
        CacheNamespace namespace = tokens.namespace();
        boolean isSalted = !namespace.cacheSalt().isEmpty();
        out.array(isSalted ? 9 : 8).string(Tag.STORED).array(event.blocks().size());
        for (StoredBlock block : event.blocks()) {
            out.unsigned(block.sequenceHash().value());
        }
        event.parent().ifPresentOrElse(it -> out.unsigned(it.value()), out::nil);
        int[] ids = tokens.ids().toArray();
        out.array(ids.length).unsignedInts(ids);
        out.integer(tokens.blockSizeTokens()).nil().string(Medium.of(event.tier()));
        if (namespace.loraName().isEmpty()) {
            out.nil();
        } else {
            out.string(namespace.loraName());
        }
        if (isSalted) {
            extraKeys(namespace, event.blocks().size());
        }
    }

    private void extraKeys(CacheNamespace namespace, int blocks) {
        out.array(blocks).array(1).string(ExtraKeys.SALT_TAG + namespace.cacheSalt());
        for (int i = 1; i < blocks; i++) {
            out.nil();
        }
    }
}
