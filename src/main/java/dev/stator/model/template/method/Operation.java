package dev.stator.model.template.method;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Value;

import java.util.List;

/// A filter, test or method: something done to one value.
///
/// @param name what messages call it
/// @param parameters the names of its arguments, or `ANY` when it sorts them itself
/// @param body what it does
public record Operation(String name, List<String> parameters, Body body) {
    private static final List<String> ANY = List.of("*");

    /// What an operation does to `subject`.
    public interface Body {
        Value apply(Value subject, Arguments arguments, Budget budget);
    }

    public Operation {
        parameters = List.copyOf(parameters);
    }

    /// Applies it to `subject`; a fault when the arguments do not fit.
    public Value apply(Value subject, Arguments arguments, Budget budget) {
        Arguments bound = parameters.equals(ANY) ? arguments : arguments.bind(name, parameters);
        return body.apply(subject, bound, budget);
    }
}
