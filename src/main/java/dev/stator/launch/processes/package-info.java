/// The processes of a topology while they run: starts, watches and stops them, and leaves a state
/// by which other commands find them. Knows nothing of files that describe topologies.
@NullMarked
package dev.stator.launch.processes;

import org.jspecify.annotations.NullMarked;
