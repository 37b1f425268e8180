/// What a request would cost at a worker: pure functions whose results explain themselves. Knows
/// nothing of bookings, of the index or of how the cheapest is selected.
@NullMarked
package dev.stator.routing.cost;

import org.jspecify.annotations.NullMarked;
