/// Tests of who gets a request in a replay.
@NullMarked
package dev.stator.replay.offline.policy;

import org.jspecify.annotations.NullMarked;
