package dev.stator.kv.cache;

import java.util.OptionalLong;

/// Asks a worker what happened in its cache.
///
/// @param incarnation the life of the cache that is meant
/// @param firstSequence the first event wanted; empty for everything the cache holds
public record KvQuery(long incarnation, OptionalLong firstSequence) {

    public static KvQuery everything(long incarnation) {
        return new KvQuery(incarnation, OptionalLong.empty());
    }

    public static KvQuery from(long incarnation, long firstSequence) {
        return new KvQuery(incarnation, OptionalLong.of(firstSequence));
    }
}
