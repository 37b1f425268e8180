/// Answers on a connection of their own, which the worker opens back to the caller, in Dynamo's
/// framing. Knows nothing of how the request came to the worker.
@NullMarked
package dev.stator.runtime.requests.callhome;

import org.jspecify.annotations.NullMarked;
