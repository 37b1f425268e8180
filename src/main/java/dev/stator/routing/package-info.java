/// Which worker gets a request: prices, selection, bookings and the record of decisions. Opens no
/// socket, starts no thread, reads no clock.
@NullMarked
package dev.stator.routing;

import org.jspecify.annotations.NullMarked;
