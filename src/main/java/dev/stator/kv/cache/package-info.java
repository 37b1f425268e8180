/// What the KV caches of workers hold, as data and events. Knows nothing of networks, models or
/// routing.
@NullMarked
package dev.stator.kv.cache;

import org.jspecify.annotations.NullMarked;
