package dev.stator.kv.cache;

import dev.stator.tokens.SequenceHash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Joins the changes of one pool operation into as few events as their order allows.
final class CacheEventBatch {
    private final KvCacheListener listener;
    private final List<StoredBlock> stored = new ArrayList<>();
    private final List<SequenceHash> removed = new ArrayList<>();
    private Optional<SequenceHash> storedParent = Optional.empty();

    CacheEventBatch(KvCacheListener listener) {
        this.listener = listener;
    }

    /// A block became reusable below `parent`.
    void stored(Optional<SequenceHash> parent, StoredBlock block) {
        if (!stored.isEmpty() && !parent.equals(Optional.of(stored.getLast().sequenceHash()))) {
            flush();
        }
        if (stored.isEmpty()) {
            storedParent = parent;
        }
        stored.add(block);
    }

    /// A block was evicted.
    void removed(long sequenceHash) {
        removed.add(new SequenceHash(sequenceHash));
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
            listener.onEvent(event);
        }
        if (!removed.isEmpty()) {
            var event = new KvCacheEvent.Removed(removed);
            removed.clear();
            listener.onEvent(event);
        }
    }
}
