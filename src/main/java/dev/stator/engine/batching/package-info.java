/// Continuous batching: many generations share the steps of one model and the blocks of one pool.
///
/// Knows nothing of how a step is computed, nor of text, HTTP or other workers.
@NullMarked
package dev.stator.engine.batching;

import org.jspecify.annotations.NullMarked;
