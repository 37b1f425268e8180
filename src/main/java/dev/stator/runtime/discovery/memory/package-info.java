/// Discovery inside one process. Knows nothing of networks.
@NullMarked
package dev.stator.runtime.discovery.memory;

import org.jspecify.annotations.NullMarked;
