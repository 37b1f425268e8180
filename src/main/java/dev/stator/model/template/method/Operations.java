package dev.stator.model.template.method;

import dev.stator.model.template.method.Operation.Body;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A table of operations by name. Filled by one class while it loads, read-only afterwards.
public final class Operations {
    private final Map<String, Operation> byName = new HashMap<>();

    /// Adds an operation. `parameters` are separated by blanks; `*` leaves them to `body`, and one
    /// that begins with a slash can only be passed by position.
    public Operations define(String name, String parameters, Body body) {
        List<String> names =
                parameters.isEmpty() ? List.of() : Arrays.asList(parameters.split(" ", -1));
        byName.put(name, new Operation(name, names, body));
        return this;
    }

    /// Gives the operation `name` a second name.
    public Operations alias(String alias, String name) {
        byName.put(alias, get(name));
        return this;
    }

    /// Adds all operations of `others`.
    public Operations include(Operations others) {
        byName.putAll(others.byName);
        return this;
    }

    public @Nullable Operation find(String name) {
        return byName.get(name);
    }

    private Operation get(String name) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new IllegalArgumentException("no such operation: " + name);
        }
        return operation;
    }
}
