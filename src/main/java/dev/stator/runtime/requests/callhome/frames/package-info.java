/// What callers and workers write to each other, as bytes: requests, answers and refusals. Knows
/// nothing of connections.
@NullMarked
package dev.stator.runtime.requests.callhome.frames;

import org.jspecify.annotations.NullMarked;
