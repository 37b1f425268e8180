/// Requests on TCP connections in Dynamo's framing: many on one connection, each acknowledged when
/// it is taken. Knows nothing of what is asked.
@NullMarked
package dev.stator.runtime.requests.tcp;

import org.jspecify.annotations.NullMarked;
