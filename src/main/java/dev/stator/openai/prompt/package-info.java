/// From an API request to the prompt and the rules an engine gets.
///
/// Knows nothing of HTTP, of engines at work or of their output.
@NullMarked
package dev.stator.openai.prompt;

import org.jspecify.annotations.NullMarked;
