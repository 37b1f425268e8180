package dev.stator.model.template.method;

import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

/// Printing values within the budget.
public final class Texts {
    private Texts() {}

    /// Python's `str`.
    public static String text(Value value, Budget budget) {
        if (value instanceof Text(var text, _)) {
            return text;
        }
        budget.build(value.size());
        return value.text();
    }

    /// Python's `str`, still markup if it was.
    public static Text of(Value value, Budget budget) {
        return value instanceof Text text ? text : Text.of(text(value, budget));
    }

    /// Python's `repr`.
    public static String repr(Value value, Budget budget) {
        budget.build(value.size());
        var out = new StringBuilder();
        value.appendRepr(out);
        return out.toString();
    }
}
