/// Characters to bytes and back, one defined result for every input however broken. Knows nothing
/// of tokens.
@NullMarked
package dev.stator.model.tokenizer.unicode;

import org.jspecify.annotations.NullMarked;
