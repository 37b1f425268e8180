package dev.stator.model.template.tree;

import dev.stator.model.template.value.Value;

/// Something that has a value. Immutable, so that renderings share it.
public sealed interface Expression permits Primary, Computation, Access {

    Value evaluate(Frame frame);
}
