/// The documents of the OpenAI API: requests read and checked, responses written.
///
/// Knows nothing of HTTP, of tokenizers or of how text comes about.
@NullMarked
package dev.stator.openai.protocol;

import org.jspecify.annotations.NullMarked;
