package dev.stator.engine.kvevents.payload;

import dev.stator.kv.cache.StorageTier;

import java.util.Optional;
import java.util.OptionalInt;

/// Which of an engine's caches an event is about.
///
/// @param tier where the blocks are stored, empty when that is no tier of this engine
/// @param group of layers that share a cache, when there are several
/// @param kind of attention of the group
/// @param isLocal whether the blocks belong to this engine alone
public record EventScope(
        Optional<StorageTier> tier,
        OptionalInt group,
        Optional<AttentionKind> kind,
        boolean isLocal) {

    /// The cache of an engine that has only one.
    public static final EventScope DEVICE =
            new EventScope(
                    Optional.of(StorageTier.DEVICE), OptionalInt.empty(), Optional.empty(), true);
}
