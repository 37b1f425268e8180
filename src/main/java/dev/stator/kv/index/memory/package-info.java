/// Memory that one thread hands out and takes back while others may still read it. Knows nothing of
/// blocks or prefixes.
@NullMarked
package dev.stator.kv.index.memory;

import org.jspecify.annotations.NullMarked;
