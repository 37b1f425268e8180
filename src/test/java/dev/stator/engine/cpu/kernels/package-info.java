/// Tests and benchmarks of the kernels.
@NullMarked
package dev.stator.engine.cpu.kernels;

import org.jspecify.annotations.NullMarked;
