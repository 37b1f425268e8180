/// An engine that runs models on this machine's processors: joins the forward pass, the sampler
/// and continuous batching. Knows nothing of how requests arrive.
@NullMarked
package dev.stator.engine.cpu;

import org.jspecify.annotations.NullMarked;
