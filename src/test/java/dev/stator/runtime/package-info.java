/// What the contracts of the planes share.
@NullMarked
package dev.stator.runtime;

import org.jspecify.annotations.NullMarked;
