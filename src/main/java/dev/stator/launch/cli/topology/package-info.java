/// The commands that start, show and stop topologies. Decides nothing about processes.
@NullMarked
package dev.stator.launch.cli.topology;

import org.jspecify.annotations.NullMarked;
