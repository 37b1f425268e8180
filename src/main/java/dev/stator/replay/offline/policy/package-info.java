/// Who gets a request in a replay: the production router behind its index, and simple rules of
/// known behaviour to compare it with, which may look at the true caches.
@NullMarked
package dev.stator.replay.offline.policy;

import org.jspecify.annotations.NullMarked;
