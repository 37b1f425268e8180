/// Tests of the trace generators.
@NullMarked
package dev.stator.replay.trace.generator;

import org.jspecify.annotations.NullMarked;
