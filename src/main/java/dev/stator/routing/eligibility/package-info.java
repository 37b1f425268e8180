/// Which workers may serve a request at all, and which it would rather go to. Pure; knows nothing
/// of prices, loads or bookings.
@NullMarked
package dev.stator.routing.eligibility;

import org.jspecify.annotations.NullMarked;
