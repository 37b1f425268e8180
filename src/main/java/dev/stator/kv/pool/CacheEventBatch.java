package dev.stator.kv.pool;

import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.kv.cache.KvCacheListener.StoredTokens;
import dev.stator.kv.cache.StorageTier;
import dev.stator.kv.cache.StoredBlock;
import dev.stator.tokens.SequenceHash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Joins the changes of one pool operation into as few events as their order allows.
final class CacheEventBatch {
    private final KvCacheListener listener;
    private final Function<int[], StoredTokens> tokens;
    private final List<StoredBlock> stored = new ArrayList<>();
    private int[] storedBlocks = new int[16]; // the physical ids of `stored`
    private long[] removed = new long[16]; // the sequence hashes of `removedCount` blocks
    private int removedCount;
    private Optional<SequenceHash> storedParent = Optional.empty();

    /// @param tokens what the physical blocks of one chain hold
    CacheEventBatch(KvCacheListener listener, Function<int[], StoredTokens> tokens) {
        this.listener = listener;
        this.tokens = tokens;
    }

    /// Physical block `id` became reusable below `parent`.
    void stored(Optional<SequenceHash> parent, StoredBlock block, int id) {
        if (!stored.isEmpty() && !parent.equals(Optional.of(stored.getLast().sequenceHash()))) {
            flush();
        }
        if (stored.isEmpty()) {
            storedParent = parent;
        }
        if (stored.size() == storedBlocks.length) {
            storedBlocks = Arrays.copyOf(storedBlocks, 2 * storedBlocks.length);
        }
        storedBlocks[stored.size()] = id;
        stored.add(block);
    }

    /// A block was evicted.
    void removed(long sequenceHash) {
        if (removedCount == removed.length) {
            removed = Arrays.copyOf(removed, 2 * removed.length);
        }
        removed[removedCount++] = sequenceHash;
    }

    /// The whole cache was dropped.
    void cleared() {
        listener.onEvent(new KvCacheEvent.Cleared());
    }

    /// Hands over what has gathered. An operation of the pool stores or removes, never both.
    void flush() {
        if (!stored.isEmpty()) {
            var event = new KvCacheEvent.Stored(storedParent, stored);
            stored.clear();
            int count = event.blocks().size();
            listener.onStored(event, () -> tokens.apply(Arrays.copyOf(storedBlocks, count)));
        }
        if (removedCount > 0) {
            var event =
                    KvCacheEvent.Removed.of(
                            Arrays.copyOf(removed, removedCount), StorageTier.DEVICE);
            removedCount = 0;
            listener.onEvent(event);
        }
    }
}
