/// Tests of the simulated workers.
@NullMarked
package dev.stator.replay.offline.worker;

import org.jspecify.annotations.NullMarked;
