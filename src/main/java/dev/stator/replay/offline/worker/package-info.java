/// Simulated workers in virtual time: what they hold, how long they compute. Knows nothing of who
/// sends them requests, nor why.
@NullMarked
package dev.stator.replay.offline.worker;

import org.jspecify.annotations.NullMarked;
