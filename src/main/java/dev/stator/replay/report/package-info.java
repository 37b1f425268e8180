/// Draws what was measured: one HTML page that needs nothing else, with its plots inside.
///
/// Knows nothing of traces, policies or servers, only of tables, distributions, times and bars.
@NullMarked
package dev.stator.replay.report;

import org.jspecify.annotations.NullMarked;
