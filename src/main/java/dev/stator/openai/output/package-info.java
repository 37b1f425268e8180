/// From an engine's tokens to the text a client sees: characters made whole, stop strings cut off,
/// reasoning told apart from the answer.
///
/// Knows nothing of HTTP or JSON. Results do not depend on how the text is cut into tokens.
@NullMarked
package dev.stator.openai.output;

import org.jspecify.annotations.NullMarked;
