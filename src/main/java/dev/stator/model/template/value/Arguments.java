package dev.stator.model.template.value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What a call passes: values by position, then values by name.
public final class Arguments {
    public static final Arguments NONE = new Arguments(List.of(), Map.of());

    private final List<@Nullable Value> positional;
    private final Map<String, Value> named;

    private Arguments(List<@Nullable Value> positional, Map<String, Value> named) {
        this.positional = positional;
        this.named = named;
    }

    /// Arguments that must not change afterwards.
    @SuppressWarnings("unchecked")
    public static Arguments of(List<Value> positional, Map<String, Value> named) {
        return new Arguments((List<@Nullable Value>) (List<?>) positional, named);
    }

    public static Arguments of(Value... positional) {
        return of(Arrays.asList(positional), Map.of());
    }

    /// The values by position, before `bind`.
    @SuppressWarnings("unchecked")
    public List<Value> positional() {
        return (List<Value>) (List<?>) positional;
    }

    public Map<String, Value> named() {
        return named;
    }

    /// These arguments without the first `count` by position.
    public Arguments skip(int count) {
        return new Arguments(positional.subList(count, positional.size()), named);
    }

    /// Sorts named arguments to the positions of `parameters`; a fault when one fits nowhere.
    public Arguments bind(String function, List<String> parameters) {
        if (positional.size() > parameters.size()) {
            throw TemplateFault.evaluation(
                    "%s takes at most %d arguments, but %d were given"
                            .formatted(function, parameters.size(), positional.size()));
        }
        if (named.isEmpty()) {
            return this;
        }
        @Nullable Value[] slots = positional.toArray(new @Nullable Value[parameters.size()]);
        for (var argument : named.entrySet()) {
            int position = parameters.indexOf(argument.getKey());
            if (position < 0 || slots[position] != null) {
                throw TemplateFault.evaluation(
                        function + " does not take the argument '" + argument.getKey() + "'");
            }
            slots[position] = argument.getValue();
        }
        return new Arguments(Arrays.asList(slots), Map.of());
    }

    /// Whether a value was passed at `position`.
    public boolean has(int position) {
        return position < positional.size() && positional.get(position) != null;
    }

    /// The value at `position`; a fault when it was not passed.
    public Value get(int position) {
        Value value = position < positional.size() ? positional.get(position) : null;
        if (value == null) {
            throw TemplateFault.evaluation("argument " + (position + 1) + " is missing");
        }
        return value;
    }

    /// The value at `position`, or `fallback`.
    public Value get(int position, Value fallback) {
        return has(position) ? get(position) : fallback;
    }

    /// The string at `position`; a fault when it is something else.
    public String text(int position) {
        if (get(position) instanceof Value.Text(var text, _)) {
            return text;
        }
        throw fault(position, "must be a string");
    }

    /// The whole number at `position`, or `fallback` when none was passed.
    public long integer(int position, long fallback) {
        return has(position) ? integer(position) : fallback;
    }

    /// The whole number at `position`; a fault when it is something else.
    public long integer(int position) {
        return switch (get(position)) {
            case Num.Int(var value) -> value;
            case Num.Truth(var value) -> value ? 1 : 0;
            default -> throw fault(position, "must be a whole number");
        };
    }

    /// Whether the value at `position` is true; `false` when none was passed.
    public boolean flag(int position) {
        return has(position) && get(position).isTruthy();
    }

    private TemplateFault fault(int position, String problem) {
        return TemplateFault.unexpected(
                get(position), "cannot be argument " + (position + 1) + ", which " + problem);
    }
}
