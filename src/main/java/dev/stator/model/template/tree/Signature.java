package dev.stator.model.template.tree;

import java.util.List;
import java.util.Set;

/// How a macro is called.
///
/// @param name its name, interned
/// @param parameters the names of its parameters, interned
/// @param defaults the values of the last parameters when they are not passed
/// @param mentioned the names its body mentions; `caller`, `varargs` and `kwargs` only reach those
///     macros that mention them
/// @param height how many tree nodes a call may evaluate inside one another
public record Signature(
        String name,
        List<String> parameters,
        List<Expression> defaults,
        Set<String> mentioned,
        int height) {
    public Signature {
        name = name.intern();
        parameters = parameters.stream().map(String::intern).toList();
        defaults = List.copyOf(defaults);
        mentioned = Set.copyOf(mentioned);
    }

    boolean mentions(String special) {
        return mentioned.contains(special) && !parameters.contains(special);
    }
}
