/// Reading and writing JSON and MessagePack, reading YAML. Knows nothing of what documents mean.
@NullMarked
package dev.stator.platform.codec;

import org.jspecify.annotations.NullMarked;
