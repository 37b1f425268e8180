/// Counting and timing for Prometheus, with labels resolved once and held.
///
/// Knows nothing of what is counted.
@NullMarked
package dev.stator.platform.metrics;

import org.jspecify.annotations.NullMarked;
