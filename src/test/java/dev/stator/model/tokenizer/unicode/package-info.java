/// Tests of the package of the same name.
@NullMarked
package dev.stator.model.tokenizer.unicode;

import org.jspecify.annotations.NullMarked;
