/// Who holds which KV blocks: a prefix index over all workers. Knows nothing of networks, of prices
/// or of how events arrive.
@NullMarked
package dev.stator.kv.index;

import org.jspecify.annotations.NullMarked;
