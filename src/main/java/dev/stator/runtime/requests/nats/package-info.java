/// Requests through a NATS server in Dynamo's form: one message for each, and a reply when it is
/// taken. Knows nothing of what is asked.
@NullMarked
package dev.stator.runtime.requests.nats;

import org.jspecify.annotations.NullMarked;
