/// What one worker's KV cache holds, as data. Knows nothing of networks, models or routing.
@NullMarked
package dev.stator.kv.cache;

import org.jspecify.annotations.NullMarked;
