/// Serves an engine to the network: announces it, answers requests, publishes what its KV cache
/// does. Knows nothing of routing.
@NullMarked
package dev.stator.worker;

import org.jspecify.annotations.NullMarked;
