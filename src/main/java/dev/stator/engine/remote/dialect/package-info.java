/// What each kind of inference server wants to be asked, and what its answers mean.
///
/// Knows nothing of connections, deadlines or sinks.
@NullMarked
package dev.stator.engine.remote.dialect;

import org.jspecify.annotations.NullMarked;
