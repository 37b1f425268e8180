package dev.stator.routing.live;

import dev.stator.kv.cache.WorkerId;
import dev.stator.runtime.discovery.Instance;

/// Hears which caches there are. Calls come one at a time.
public interface CacheFollowing {

    /// For routers that do not look at caches.
    CacheFollowing NONE =
            new CacheFollowing() {
                @Override
                public void follow(WorkerId worker, long incarnation, Instance answers) {}

                @Override
                public void forget(WorkerId worker) {}
            };

    /// A cache is there, or has moved.
    ///
    /// @param answers where the worker answers questions about it
    void follow(WorkerId worker, long incarnation, Instance answers);

    /// A cache is gone.
    void forget(WorkerId worker);
}
