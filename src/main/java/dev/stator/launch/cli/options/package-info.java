/// Flags in groups that several commands share, turned into configuration. Runs nothing.
@NullMarked
package dev.stator.launch.cli.options;

import org.jspecify.annotations.NullMarked;
