/// A connection to NATS that keeps itself up and never makes its user wait. Knows nothing of what
/// the messages mean.
@NullMarked
package dev.stator.platform.nats;

import org.jspecify.annotations.NullMarked;
