/// Prefix indexes that learn from routing decisions what workers probably hold. Knows nothing of
/// events.
@NullMarked
package dev.stator.kv.index.learned;

import org.jspecify.annotations.NullMarked;
