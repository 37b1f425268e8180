/// From source text to the tree: lexer and parser. Knows nothing of values given to a template.
@NullMarked
package dev.stator.model.template.syntax;

import org.jspecify.annotations.NullMarked;
