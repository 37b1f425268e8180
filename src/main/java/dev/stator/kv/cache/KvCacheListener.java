package dev.stator.kv.cache;

import dev.stator.tokens.CacheNamespace;
import dev.stator.tokens.TokenIds;

import java.util.function.Supplier;

/// Hears of every change of one KV cache, in order, on the thread that made the change.
@FunctionalInterface
public interface KvCacheListener {

    /// Must not block and must not call back into the cache.
    void onEvent(KvCacheEvent event);

    /// Blocks became reusable; `tokens` tells what they hold and works during this call only. For
    /// listeners that want to know; others get the event alone. The same rules hold.
    default void onStored(KvCacheEvent.Stored event, Supplier<StoredTokens> tokens) {
        onEvent(event);
    }

    /// Tells both, in this order.
    static KvCacheListener both(KvCacheListener first, KvCacheListener second) {
        return new KvCacheListener() {
            @Override
            public void onEvent(KvCacheEvent event) {
                first.onEvent(event);
                second.onEvent(event);
            }

            @Override
            public void onStored(KvCacheEvent.Stored event, Supplier<StoredTokens> tokens) {
                first.onStored(event, tokens);
                second.onStored(event, tokens);
            }
        };
    }

    /// What the blocks of one `Stored` event hold.
    ///
    /// @param ids of all its blocks, first block first
    record StoredTokens(CacheNamespace namespace, int blockSizeTokens, TokenIds ids) {}
}
