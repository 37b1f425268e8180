/// Where requests wait until their fleet has room for them. Knows neither what they are nor how
/// they run.
@NullMarked
package dev.stator.routing.live.waiting;

import org.jspecify.annotations.NullMarked;
