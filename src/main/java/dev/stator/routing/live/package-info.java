/// Joins routing to the world: finds workers, keeps the prefix index true, and makes a fleet look
/// like one engine. Knows no implementation of discovery, events or requests.
@NullMarked
package dev.stator.routing.live;

import org.jspecify.annotations.NullMarked;
