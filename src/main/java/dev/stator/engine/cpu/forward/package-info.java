/// The forward pass of a decoder-only transformer over a ragged batch, with its weights and its
/// paged KV memory. Knows nothing of requests, of sampling, and of who owns which block.
@NullMarked
package dev.stator.engine.cpu.forward;

import org.jspecify.annotations.NullMarked;
