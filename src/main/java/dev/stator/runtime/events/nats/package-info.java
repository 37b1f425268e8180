/// Events over NATS. Knows nothing of what the events mean, and asks nothing of the server that
/// the events depend on.
@NullMarked
package dev.stator.runtime.events.nats;

import org.jspecify.annotations.NullMarked;
