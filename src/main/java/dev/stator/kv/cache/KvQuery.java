package dev.stator.kv.cache;

import java.util.OptionalLong;

/// Asks a worker what happened in its cache.
///
/// @param source the life of the cache that is meant
/// @param firstSequence the first event wanted; empty for everything the cache holds
public record KvQuery(KvEventSource source, OptionalLong firstSequence) {

    public static KvQuery everything(KvEventSource source) {
        return new KvQuery(source, OptionalLong.empty());
    }

    public static KvQuery from(KvEventSource source, long firstSequence) {
        return new KvQuery(source, OptionalLong.of(firstSequence));
    }
}
