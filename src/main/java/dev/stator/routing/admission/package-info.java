/// Who waits while the fleet is saturated, in which order, and who is refused. Opens no socket,
/// starts no thread, reads no clock: time comes in. Knows neither workers nor how requests run.
@NullMarked
package dev.stator.routing.admission;

import org.jspecify.annotations.NullMarked;
