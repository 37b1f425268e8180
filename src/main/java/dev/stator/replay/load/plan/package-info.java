/// Which requests are sent when, and what is in them.
///
/// Knows nothing of HTTP, of clocks or of answers: times are nanoseconds since the run began.
@NullMarked
package dev.stator.replay.load.plan;

import org.jspecify.annotations.NullMarked;
