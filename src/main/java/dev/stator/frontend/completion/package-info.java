/// One completion request at work, from admission to its log line.
///
/// Knows nothing of routes, of models by name or of how requests are read.
@NullMarked
package dev.stator.frontend.completion;

import org.jspecify.annotations.NullMarked;
