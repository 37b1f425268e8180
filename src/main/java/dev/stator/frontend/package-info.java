/// The public HTTP face: routes, streams, statuses, limits, metrics and one log line per request.
///
/// Knows engines by their port only; not how workers are found or chosen.
@NullMarked
package dev.stator.frontend;

import org.jspecify.annotations.NullMarked;
