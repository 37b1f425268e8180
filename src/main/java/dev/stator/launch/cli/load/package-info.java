/// The command `stator load`.
///
/// Knows nothing of how load is made; turns flags into a run and a run into what is printed.
@NullMarked
package dev.stator.launch.cli.load;

import org.jspecify.annotations.NullMarked;
