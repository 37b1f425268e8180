/// The routed side of a process: finds models and their workers, and makes each model's workers one
/// engine. Knows nothing of how workers run.
@NullMarked
package dev.stator.launch.fleet;

import org.jspecify.annotations.NullMarked;
