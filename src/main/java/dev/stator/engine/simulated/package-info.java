/// An engine without a model: real scheduling and a real prefix cache around a timing formula and
/// tokens that anyone can recompute. Knows nothing of networks or text.
@NullMarked
package dev.stator.engine.simulated;

import org.jspecify.annotations.NullMarked;
