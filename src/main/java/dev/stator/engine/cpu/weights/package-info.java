/// A model's tensors by name, from safetensors files or drawn from a seed. Knows nothing of kernels
/// and of what the tensors are for.
@NullMarked
package dev.stator.engine.cpu.weights;

import org.jspecify.annotations.NullMarked;
