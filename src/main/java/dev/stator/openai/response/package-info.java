/// The documents the OpenAI API answers with, written as text piece by piece.
///
/// Knows nothing of requests, of engines or of how documents travel.
@NullMarked
package dev.stator.openai.response;

import org.jspecify.annotations.NullMarked;
