/// The KV blocks of one worker and the prefix cache over them. Knows nothing of other workers, of
/// engines or of who listens.
@NullMarked
package dev.stator.kv.pool;

import org.jspecify.annotations.NullMarked;
