/// `stator replay`: which trace, which workers, which policies, and how the answer is printed.
/// Knows nothing of how a replay works.
@NullMarked
package dev.stator.launch.cli.replay;

import org.jspecify.annotations.NullMarked;
