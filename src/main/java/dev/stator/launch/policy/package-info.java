/// Reads the file that says what kinds of requests there are. Knows nothing of how they wait.
@NullMarked
package dev.stator.launch.policy;

import org.jspecify.annotations.NullMarked;
