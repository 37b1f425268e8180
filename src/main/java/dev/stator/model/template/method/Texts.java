package dev.stator.model.template.method;

import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Value;

/// Printing values within the budget.
public final class Texts {
    private Texts() {}

    /// Python's `str`.
    public static String text(Value value, Budget budget) {
        if (value instanceof Value.Text(var text)) {
            return text;
        }
        budget.build(value.size());
        return value.text();
    }

    /// Python's `repr`.
    public static String repr(Value value, Budget budget) {
        budget.build(value.size());
        var out = new StringBuilder();
        value.appendRepr(out);
        return out.toString();
    }
}
