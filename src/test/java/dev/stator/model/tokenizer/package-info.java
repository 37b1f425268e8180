/// Tests of the package of the same name.
@NullMarked
package dev.stator.model.tokenizer;

import org.jspecify.annotations.NullMarked;
