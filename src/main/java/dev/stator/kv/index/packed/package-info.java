/// A prefix index in a few large arrays, for tens of millions of blocks. Knows nothing of how
/// events arrive or of prices.
@NullMarked
package dev.stator.kv.index.packed;

import org.jspecify.annotations.NullMarked;
