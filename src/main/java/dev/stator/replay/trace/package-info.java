/// Requests that somebody recorded or made up: one reader per format, generators, statistics. Knows
/// nothing of routing, workers and time models.
@NullMarked
package dev.stator.replay.trace;

import org.jspecify.annotations.NullMarked;
