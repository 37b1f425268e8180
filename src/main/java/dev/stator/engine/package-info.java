/// The engine port: a prompt's token ids go in, a stream of tokens comes out.
///
/// A local model, a simulation, a remote server and a whole routed fleet are all engines. Knows
/// nothing of HTTP, of text, or of how workers are found.
@NullMarked
package dev.stator.engine;

import org.jspecify.annotations.NullMarked;
