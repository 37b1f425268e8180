package dev.stator.model.template.tree;

import dev.stator.model.template.method.Attributes;
import dev.stator.model.template.method.Operation;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Going into a value or through something that is called.
public sealed interface Access extends Expression {

    /// `owner.name`.
    record Attribute(Expression owner, Text name) implements Access {

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            return Attributes.attribute(owner.evaluate(frame), name);
        }
    }

    /// `owner[key]`.
    record Item(Expression owner, Expression key) implements Access {

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            Value from = owner.evaluate(frame);
            Value at = key.evaluate(frame);
            frame.budget.read(at.size());
            return Attributes.item(from, at);
        }
    }

    /// `owner[start:stop:step]`; bounds left out are `none`.
    record Slice(Expression owner, List<Expression> bounds) implements Access {
        public Slice {
            bounds = List.copyOf(bounds);
        }

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            Value from = owner.evaluate(frame);
            List<Value> values = new ArrayList<>(bounds.size());
            for (Expression bound : bounds) {
                values.add(bound.evaluate(frame));
            }
            return Items.slice(from, values, frame.budget);
        }
    }

    /// `callee(arguments)`.
    record Call(Expression callee, Passed passed) implements Access {

        @Override
        public Value evaluate(Frame frame) {
            return call(frame, Optional.empty());
        }

        /// Calls with a `caller` besides the arguments written.
        Value call(Frame frame, Optional<Value> caller) {
            frame.budget.step();
            Value function = callee.evaluate(frame);
            Arguments arguments = passed.evaluate(frame, caller);
            if (function instanceof TemplateObject object) {
                return object.call(arguments, frame.budget);
            }
            throw TemplateFault.unexpected(function, "object is not callable");
        }
    }

    /// `subject|name(arguments)`; without an operation when the filter is unknown, which matters
    /// only if it is reached.
    record Filtering(Expression subject, String name, Optional<Operation> filter, Passed passed)
            implements Access {

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            Value value = subject.evaluate(frame);
            Arguments arguments = passed.evaluate(frame, Optional.empty());
            return filter.orElseThrow(() -> unknown("filter", name))
                    .apply(value, arguments, frame.budget);
        }
    }

    /// `subject is name(arguments)`.
    record Testing(Expression subject, String name, Optional<Operation> test, Passed passed)
            implements Access {

        @Override
        public Value evaluate(Frame frame) {
            frame.budget.step();
            Value value = subject.evaluate(frame);
            Arguments arguments = passed.evaluate(frame, Optional.empty());
            return Num.Truth.of(
                    test.orElseThrow(() -> unknown("test", name))
                            .apply(value, arguments, frame.budget)
                            .isTruthy());
        }
    }

    private static TemplateFault unknown(String what, String name) {
        return TemplateFault.evaluation("no " + what + " named '" + name + "'");
    }

    /// The arguments of a call as written: by position, by name, `*list` and `**mapping`.
    record Passed(
            List<Expression> positional,
            Map<String, Expression> named,
            Optional<Expression> spreadList,
            Optional<Expression> spreadMapping) {
        public static final Passed NOTHING =
                new Passed(List.of(), Map.of(), Optional.empty(), Optional.empty());

        public Passed {
            positional = List.copyOf(positional);
            named = new LinkedHashMap<>(named);
        }

        Arguments evaluate(Frame frame, Optional<Value> caller) {
            if (positional.isEmpty() && isPlain() && caller.isEmpty()) {
                return Arguments.NONE;
            }
            List<Value> values = new ArrayList<>(positional.size());
            for (Expression argument : positional) {
                values.add(argument.evaluate(frame));
            }
            return isPlain() && caller.isEmpty()
                    ? Arguments.of(values, Map.of())
                    : spread(frame, values, caller);
        }

        private boolean isPlain() {
            return named.isEmpty() && spreadList.isEmpty() && spreadMapping.isEmpty();
        }

        private Arguments spread(Frame frame, List<Value> values, Optional<Value> caller) {
            Map<String, Value> byName = new LinkedHashMap<>();
            named.forEach((name, argument) -> byName.put(name, argument.evaluate(frame)));
            caller.ifPresent(body -> put(byName, "caller", body));
            spreadList.ifPresent(
                    list -> {
                        List<Value> items = Items.of(list.evaluate(frame), frame.budget);
                        frame.budget.elements(items.size());
                        values.addAll(items);
                    });
            spreadMapping.ifPresent(mapping -> putAll(byName, mapping.evaluate(frame)));
            return Arguments.of(values, byName);
        }

        private static void putAll(Map<String, Value> byName, Value mapping) {
            if (!(mapping instanceof Dict dict)) {
                throw TemplateFault.unexpected(mapping, "after ** must be a mapping");
            }
            dict.entries()
                    .forEach(
                            (key, value) -> {
                                if (!(key instanceof Text(var name, _))) {
                                    throw TemplateFault.unexpected(key, "cannot name an argument");
                                }
                                put(byName, name, value);
                            });
        }

        private static void put(Map<String, Value> byName, String name, Value value) {
            if (byName.put(name, value) != null) {
                throw TemplateFault.evaluation("argument '" + name + "' is passed twice");
            }
        }
    }
}
