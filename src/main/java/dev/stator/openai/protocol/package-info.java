/// What clients of the OpenAI API ask for, read and checked, and how they are refused.
///
/// Knows nothing of HTTP, of tokenizers or of how text comes about.
@NullMarked
package dev.stator.openai.protocol;

import org.jspecify.annotations.NullMarked;
