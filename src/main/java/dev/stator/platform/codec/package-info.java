/// Reading and writing JSON. Knows nothing of what the documents mean.
@NullMarked
package dev.stator.platform.codec;

import org.jspecify.annotations.NullMarked;
