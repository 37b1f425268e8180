package dev.stator.model.template.tree;

import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.Value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The leaves of expressions, and lists, tuples and dictionaries written out.
public sealed interface Primary extends Expression {

    /// A number, string, truth value or `none`.
    record Literal(Value value) implements Primary {

        @Override
        public Value evaluate(Frame frame) {
            return value;
        }
    }

    /// A variable; `name` is interned.
    record Name(String name, Value.Undefined missing) implements Primary {

        public static Name of(String name) {
            return new Name(name.intern(), Value.Undefined.name(name));
        }

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.steps(1 + frame.scope.reach());
            Value value = frame.find(name);
            return value != null ? value : missing;
        }
    }

    /// `[a, b]` or `(a, b)`.
    record Listing(Sequence.Kind kind, List<Expression> items) implements Primary {
        public Listing {
            items = List.copyOf(items);
        }

        @Override
        public Value evaluate(Frame frame) {
            List<Value> values = new ArrayList<>(items.size());
            for (Expression item : items) {
                values.add(item.evaluate(frame));
            }
            frame.budget.elements(values.size());
            return Sequence.of(kind, values);
        }
    }

    /// `{a: b}`.
    record Mapping(List<Expression> keys, List<Expression> values) implements Primary {
        public Mapping {
            keys = List.copyOf(keys);
            values = List.copyOf(values);
        }

        @Override
        public Value evaluate(Frame frame) {
            LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                Value key = Dict.key(keys.get(i).evaluate(frame), frame.budget);
                entries.put(key, values.get(i).evaluate(frame));
            }
            frame.budget.elements(entries.size());
            return Dict.of(entries);
        }
    }

    /// What a block has captured and filters are applied to.
    record Captured() implements Primary {

        @Override
        public Value evaluate(Frame frame) {
            return frame.captured();
        }
    }
}
