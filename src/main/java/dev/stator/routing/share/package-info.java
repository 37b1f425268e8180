/// What routers of the same workers tell each other besides their bookings: where sessions belong
/// and which prefixes are replicated. Knows nothing of how either is decided.
@NullMarked
package dev.stator.routing.share;

import org.jspecify.annotations.NullMarked;
