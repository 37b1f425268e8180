/// Byte-level byte-pair encoding of single words. Knows nothing of files, special tokens or how
/// text becomes words.
@NullMarked
package dev.stator.model.tokenizer.bpe;

import org.jspecify.annotations.NullMarked;
