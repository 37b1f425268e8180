/// What frontends and workers say to each other: endpoints, topics and the records that cross.
/// Knows nothing of how they are carried, of routing or of HTTP.
@NullMarked
package dev.stator.engine.wire;

import org.jspecify.annotations.NullMarked;
