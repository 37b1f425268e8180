/// Router replicas tell each other what they book, so that each knows the whole load of a worker.
/// Knows nothing of engines and of how a worker is selected.
@NullMarked
package dev.stator.routing.sync;

import org.jspecify.annotations.NullMarked;
