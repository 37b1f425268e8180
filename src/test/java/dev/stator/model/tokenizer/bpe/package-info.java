/// Tests of the package of the same name.
@NullMarked
package dev.stator.model.tokenizer.bpe;

import org.jspecify.annotations.NullMarked;
