/// Why requests went where they did and what came of it: the record of decisions and the ladder of
/// hit ratios. Decides nothing; knows neither how requests run nor who reads this.
@NullMarked
package dev.stator.routing.explain;

import org.jspecify.annotations.NullMarked;
