/// What each worker carries as the router believes: bookings, queued prefill, and how fast the
/// workers turned out to be. Knows nothing of prices or of how a worker is selected.
@NullMarked
package dev.stator.routing.load;

import org.jspecify.annotations.NullMarked;
