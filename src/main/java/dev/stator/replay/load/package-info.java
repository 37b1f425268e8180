/// Puts load on an OpenAI endpoint and watches every stream of it.
///
/// Requests start when their schedule says, whatever became of those before; each is measured from
/// that moment. Knows nothing of routing or of how the server works.
@NullMarked
package dev.stator.replay.load;

import org.jspecify.annotations.NullMarked;
