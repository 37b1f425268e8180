/// A model's weights in the layout of the kernels. Knows nothing of how they are multiplied, and
/// nothing of tokens.
@NullMarked
package dev.stator.engine.cpu.packed;

import org.jspecify.annotations.NullMarked;
