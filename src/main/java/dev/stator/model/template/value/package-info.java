/// What template expressions compute with: Python's values, operators and spellings, without I/O,
/// reflection or Java objects. Knows nothing of template syntax.
@NullMarked
package dev.stator.model.template.value;

import org.jspecify.annotations.NullMarked;
