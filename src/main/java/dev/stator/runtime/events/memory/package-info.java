/// Events inside one process, passed by reference. Knows nothing of networks.
@NullMarked
package dev.stator.runtime.events.memory;

import org.jspecify.annotations.NullMarked;
