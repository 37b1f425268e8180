/// Cuts text into the words that a BPE model encodes one by one. Knows nothing of vocabularies.
@NullMarked
package dev.stator.model.tokenizer.split;

import org.jspecify.annotations.NullMarked;
