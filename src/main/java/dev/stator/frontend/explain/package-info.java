/// Routing decisions and the ladder of hit ratios over HTTP. Reads what `routing.explain`
/// remembers; knows neither how it came about nor how requests are served.
@NullMarked
package dev.stator.frontend.explain;

import org.jspecify.annotations.NullMarked;
