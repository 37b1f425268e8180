package dev.stator.model.template.value;

import java.util.Optional;

/// A value with behaviour: a function, a macro, a bound method, a loop, a namespace. It offers the
/// attributes and the call it lists here and nothing else.
public non-sealed interface TemplateObject extends Value {

    /// The attribute `name`, absent when there is none.
    default Optional<Value> attribute(String name) {
        return Optional.empty();
    }

    /// Whether `call` is offered.
    default boolean isCallable() {
        return true;
    }

    /// Calls it.
    default Value call(Arguments arguments, Budget budget) {
        throw TemplateFault.evaluation("'" + typeName() + "' object is not callable");
    }

    @Override
    default boolean isTruthy() {
        return true;
    }

    @Override
    default void appendRepr(StringBuilder out) {
        out.append('<').append(typeName()).append('>');
    }
}
