/// Plays a trace against simulated workers in virtual time: one thread, no network, the same every
/// time. Knows nothing of files and how results are printed.
@NullMarked
package dev.stator.replay.offline;

import org.jspecify.annotations.NullMarked;
