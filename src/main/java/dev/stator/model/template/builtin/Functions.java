package dev.stator.model.template.builtin;

import dev.stator.model.template.method.Texts;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;

/// The functions every template sees.
public final class Functions {
    private Functions() {}

    /// The functions by name; `clock` is what `strftime_now` reads.
    public static Map<String, Value> globals(Clock clock) {
        return Map.of(
                "range", new Function("range", Functions::range),
                "dict", new DictFunction(),
                "namespace", new Function("namespace", Functions::namespace),
                "cycler", new Function("cycler", (arguments, _) -> new Cycler(arguments)),
                "joiner", new Function("joiner", (arguments, _) -> joiner(arguments)),
                "raise_exception", new Function("raise_exception", Functions::raise),
                "strftime_now",
                        new Function(
                                "strftime_now",
                                (arguments, budget) -> now(arguments, budget, clock)));
    }

    private static Value range(Arguments arguments, Budget budget) {
        Arguments bounds = arguments.bind("range", List.of("/start", "/stop", "/step"));
        boolean isStopOnly = !bounds.has(1);
        RangeItems items =
                RangeItems.of(
                        isStopOnly ? 0 : bounds.integer(0),
                        bounds.integer(isStopOnly ? 0 : 1),
                        bounds.integer(2, 1));
        budget.elements(items.size());
        return Sequence.of(Sequence.Kind.RANGE, items);
    }

    private static Value namespace(Arguments arguments, Budget budget) {
        var namespace = new Namespace();
        entries(arguments, budget).forEach((name, value) -> namespace.set(name.text(), value));
        return namespace;
    }

    /// What `dict(…)` collects: a mapping or pairs first, then the named arguments.
    private static SequencedMap<Value, Value> entries(Arguments arguments, Budget budget) {
        List<Value> positional = arguments.positional();
        if (positional.size() > 1) {
            throw TemplateFault.evaluation("dict takes at most one positional argument");
        }
        LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
        if (!positional.isEmpty() && positional.getFirst() instanceof Dict dict) {
            entries.putAll(dict.entries());
        } else if (!positional.isEmpty()) {
            for (Value pair : Items.of(positional.getFirst(), budget)) {
                List<Value> sides = Items.of(pair, budget);
                if (sides.size() != 2) {
                    throw TemplateFault.evaluation("dict needs pairs");
                }
                entries.put(Dict.key(sides.get(0), budget), sides.get(1));
            }
        }
        arguments.named().forEach((name, value) -> entries.put(Text.of(name), value));
        budget.elements(entries.size());
        return entries;
    }

    private static Value joiner(Arguments arguments) {
        Arguments bound = arguments.bind("joiner", List.of("sep"));
        Value separator = bound.get(0, Text.of(", "));
        boolean[] isUsed = {false};
        return new Function(
                "joiner",
                (_, _) -> {
                    Value joint = isUsed[0] ? separator : Text.EMPTY;
                    isUsed[0] = true;
                    return joint;
                });
    }

    private static Value raise(Arguments arguments, Budget budget) {
        Arguments bound = arguments.bind("raise_exception", List.of("message"));
        throw TemplateFault.raised(Texts.text(bound.get(0), budget));
    }

    private static Value now(Arguments arguments, Budget budget, Clock clock) {
        Arguments bound = arguments.bind("strftime_now", List.of("format"));
        budget.build(bound.text(0).length() * 16L);
        return Text.of(Strftime.format(bound.text(0), ZonedDateTime.now(clock)));
    }

    /// A function by name.
    private record Function(String name, BiFunction<Arguments, Budget, Value> body)
            implements TemplateObject {

        @Override
        public Value call(Arguments arguments, Budget budget) {
            return body.apply(arguments, budget);
        }

        @Override
        public String typeName() {
            return "function";
        }
    }

    /// `dict` and `dict.fromkeys`.
    private record DictFunction() implements TemplateObject {

        @Override
        public Value call(Arguments arguments, Budget budget) {
            return Dict.of(entries(arguments, budget));
        }

        @Override
        public Optional<Value> attribute(String name) {
            return name.equals("fromkeys")
                    ? Optional.of(new Function(name, DictFunction::fromKeys))
                    : Optional.empty();
        }

        @Override
        public String typeName() {
            return "type";
        }

        private static Value fromKeys(Arguments arguments, Budget budget) {
            Arguments bound = arguments.bind("fromkeys", List.of("/iterable", "/value"));
            LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
            for (Value key : ListFilters.items(bound.get(0), budget)) {
                entries.put(Dict.key(key, budget), bound.get(1, Value.None.NONE));
            }
            return Dict.of(entries);
        }
    }

    /// Hands out its values in turn. Belongs to one rendering.
    private static final class Cycler implements TemplateObject {
        private final List<Value> values;
        private int position;

        Cycler(Arguments arguments) {
            if (arguments.positional().isEmpty()) {
                throw TemplateFault.evaluation("a cycler needs at least one value");
            }
            this.values = arguments.positional();
        }

        @Override
        public Optional<Value> attribute(String name) {
            return switch (name) {
                case "current" -> Optional.of(values.get(position));
                case "next" -> Optional.of(new Function(name, (_, _) -> next()));
                case "reset" -> Optional.of(new Function(name, (_, _) -> reset()));
                default -> Optional.empty();
            };
        }

        @Override
        public boolean isCallable() {
            return false;
        }

        @Override
        public String typeName() {
            return "Cycler";
        }

        private Value next() {
            Value current = values.get(position);
            position = (position + 1) % values.size();
            return current;
        }

        private Value reset() {
            position = 0;
            return Value.None.NONE;
        }
    }
}
