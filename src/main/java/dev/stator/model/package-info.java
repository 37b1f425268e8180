/// A model as its folder describes it. Knows nothing of engines.
@NullMarked
package dev.stator.model;

import org.jspecify.annotations.NullMarked;
