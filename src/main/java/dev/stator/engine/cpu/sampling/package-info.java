/// From a row of logits to a token. Knows nothing of models, batches or caches.
@NullMarked
package dev.stator.engine.cpu.sampling;

import org.jspecify.annotations.NullMarked;
