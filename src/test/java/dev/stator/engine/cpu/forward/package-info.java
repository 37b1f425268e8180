/// Tests and benchmarks of the forward pass.
@NullMarked
package dev.stator.engine.cpu.forward;

import org.jspecify.annotations.NullMarked;
