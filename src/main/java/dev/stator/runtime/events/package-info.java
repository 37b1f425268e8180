/// How processes tell each other what happened: publish and subscribe, at most once. Knows nothing
/// of what the events mean.
@NullMarked
package dev.stator.runtime.events;

import org.jspecify.annotations.NullMarked;
