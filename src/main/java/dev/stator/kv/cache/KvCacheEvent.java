package dev.stator.kv.cache;

import dev.stator.tokens.SequenceHash;

import java.util.List;
import java.util.Optional;

/// A change in what one worker's KV cache holds.
///
/// A worker announces every full block exactly once when it becomes reusable and once when it is
/// dropped, in the order in which it happened.
public sealed interface KvCacheEvent {

    /// Consecutive blocks became reusable below `parent`, or at the root when it is empty; each
    /// block is the parent of the next.
    record Stored(Optional<SequenceHash> parent, List<StoredBlock> blocks) implements KvCacheEvent {
        public Stored {
            blocks = List.copyOf(blocks);
        }
    }

    /// Blocks were evicted, children before their parents.
    record Removed(List<SequenceHash> blocks) implements KvCacheEvent {
        public Removed {
            blocks = List.copyOf(blocks);
        }
    }

    /// The worker dropped its whole cache.
    record Cleared() implements KvCacheEvent {}
}
