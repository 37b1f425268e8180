/// Tests of `stator replay`.
@NullMarked
package dev.stator.launch.cli.replay;

import org.jspecify.annotations.NullMarked;
