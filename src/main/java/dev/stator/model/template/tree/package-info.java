/// The compiled template: a tree of expressions and statements that evaluate themselves. Knows
/// nothing of source text beyond line numbers.
@NullMarked
package dev.stator.model.template.tree;

import org.jspecify.annotations.NullMarked;
