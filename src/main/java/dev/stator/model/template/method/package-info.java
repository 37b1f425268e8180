/// The methods of strings, lists and dictionaries, and Python's three ways to format text. Knows
/// nothing of filters and of template syntax.
@NullMarked
package dev.stator.model.template.method;

import org.jspecify.annotations.NullMarked;
