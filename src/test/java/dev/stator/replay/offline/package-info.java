/// Tests of the replay, and the scoreboard of routing that it is made for.
@NullMarked
package dev.stator.replay.offline;

import org.jspecify.annotations.NullMarked;
