package dev.stator.model.template.tree;

import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// The variables that one block has set, inside those of the blocks around it.
///
/// Names are interned by the parser, so they are compared by identity; a scope has few of them, and
/// a scan is cheaper than hashing.
final class Scope {
    private static final int NAMES_FIRST = 4;
    private static final int NAMES_MAX = 500;
    private static final int NAMES_PER_STEP_LOG2 = 5;

    private final @Nullable Scope outer;
    private String[] names = new String[NAMES_FIRST];
    private Value[] values = new Value[NAMES_FIRST];
    private final int outerCount;
    private int count;

    Scope(@Nullable Scope outer) {
        this.outer = outer;
        this.outerCount = outer == null ? 0 : outer.outerCount + outer.count;
    }

    /// How many steps a look-up costs at most, beyond the first.
    int reach() {
        return (outerCount + count) >> NAMES_PER_STEP_LOG2;
    }

    void set(String name, Value value) {
        int at = position(name);
        if (at < 0) {
            if (count == NAMES_MAX) {
                throw TemplateFault.limit("a block sets more than " + NAMES_MAX + " variables");
            }
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            at = count++;
            names[at] = name;
        }
        values[at] = value;
    }

    /// The value of `name` here or in the nearest block around that has set it.
    @Nullable Value find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            int at = scope.position(name);
            if (at >= 0) {
                return scope.values[at];
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // interned
    private int position(String name) {
        for (int i = 0; i < count; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        return -1;
    }
}
