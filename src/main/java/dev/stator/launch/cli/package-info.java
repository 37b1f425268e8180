/// The commands of the launcher: flags in, exit codes out. Decides nothing about serving.
@NullMarked
package dev.stator.launch.cli;

import org.jspecify.annotations.NullMarked;
