package dev.stator.engine.kvevents.payload;

import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.SequenceHash;
import dev.stator.tokens.TokenIds;

import java.util.List;
import java.util.Optional;

/// A change that an engine tells, as it tells it. Hashes are the engine's own names of its blocks.
public sealed interface EngineEvent {

    /// Consecutive blocks became reusable.
    ///
    /// @param tokens of all blocks; when `isEagle`, one more, as each block ends with the first
    ///     token of the next
    /// @param namespace what the event itself says; a salt may have to be inherited from the parent
    /// @param objects by block, the hashes of the images or the like it shows; may be shorter
    record BlockStored(
            List<SequenceHash> blocks,
            Optional<SequenceHash> parent,
            TokenIds tokens,
            int blockSizeTokens,
            boolean isEagle,
            CacheNamespace namespace,
            List<List<Long>> objects,
            EventScope scope)
            implements EngineEvent {
        public BlockStored {
            blocks = List.copyOf(blocks);
            objects = List.copyOf(objects);
        }
    }

    /// Blocks were evicted.
    record BlockRemoved(List<SequenceHash> blocks, EventScope scope) implements EngineEvent {
        public BlockRemoved {
            blocks = List.copyOf(blocks);
        }
    }

    /// The cache was dropped.
    record AllBlocksCleared() implements EngineEvent {}

    /// Something else, by its tag.
    record Unsupported(String tag) implements EngineEvent {}
}
