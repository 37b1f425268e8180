/// Token ids, blocks of tokens and their hashes. Knows nothing of workers, networks or models.
@NullMarked
package dev.stator.tokens;

import org.jspecify.annotations.NullMarked;
