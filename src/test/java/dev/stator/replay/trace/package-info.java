/// Tests of the trace formats.
@NullMarked
package dev.stator.replay.trace;

import org.jspecify.annotations.NullMarked;
