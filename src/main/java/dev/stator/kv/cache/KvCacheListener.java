package dev.stator.kv.cache;

/// Hears of every change of one KV cache, in order, on the thread that made the change.
@FunctionalInterface
public interface KvCacheListener {

    /// Must not block and must not call back into the cache.
    void onEvent(KvCacheEvent event);
}
