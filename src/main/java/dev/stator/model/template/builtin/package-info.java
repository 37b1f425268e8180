/// The filters, tests, functions and methods that templates may call. Knows nothing of template
/// syntax.
@NullMarked
package dev.stator.model.template.builtin;

import org.jspecify.annotations.NullMarked;
