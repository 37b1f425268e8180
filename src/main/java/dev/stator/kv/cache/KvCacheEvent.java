package dev.stator.kv.cache;

import dev.stator.tokens.SequenceHash;

import java.util.List;
import java.util.Optional;

/// A change in what one worker's KV cache holds.
///
/// A worker announces every full block exactly once when it becomes reusable and once when it is
/// dropped, in the order in which it happened. Each tier is announced for itself: a block may be in
/// several at once.
public sealed interface KvCacheEvent {

    /// Consecutive blocks became reusable below `parent`, or at the root when it is empty; each
    /// block is the parent of the next. The parent may be in another tier.
    record Stored(Optional<SequenceHash> parent, List<StoredBlock> blocks, StorageTier tier)
            implements KvCacheEvent {
        public Stored {
            blocks = PackedBlocks.copyOf(blocks);
        }

        /// In device memory.
        public Stored(Optional<SequenceHash> parent, List<StoredBlock> blocks) {
            this(parent, blocks, StorageTier.DEVICE);
        }
    }

    /// Blocks were evicted, children before their parents.
    record Removed(List<SequenceHash> blocks, StorageTier tier) implements KvCacheEvent {
        public Removed {
            blocks = PackedHashes.copyOf(blocks);
        }

        /// From device memory.
        public Removed(List<SequenceHash> blocks) {
            this(blocks, StorageTier.DEVICE);
        }

        /// By their sequence hashes, which are taken over.
        public static Removed of(long[] sequenceHashes, StorageTier tier) {
            return new Removed(new PackedHashes(sequenceHashes), tier);
        }
    }

    /// The worker dropped its whole cache, all tiers of it.
    record Cleared() implements KvCacheEvent {}
}
