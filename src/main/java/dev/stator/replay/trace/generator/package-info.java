/// Traces that nobody recorded, made from a seed. Knows nothing of files.
@NullMarked
package dev.stator.replay.trace.generator;

import org.jspecify.annotations.NullMarked;
