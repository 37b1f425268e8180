/// What is said to routers: questions, answers and how they look between processes. Knows nothing
/// of how they are carried or decided.
@NullMarked
package dev.stator.routing.wire;

import org.jspecify.annotations.NullMarked;
