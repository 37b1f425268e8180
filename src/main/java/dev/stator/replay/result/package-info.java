/// What a replay found, as data, and how it is printed: table, JSON, CSV. Knows nothing of how it
/// was found.
@NullMarked
package dev.stator.replay.result;

import org.jspecify.annotations.NullMarked;
