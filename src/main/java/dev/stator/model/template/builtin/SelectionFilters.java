package dev.stator.model.template.builtin;

import dev.stator.model.template.method.Attributes;
import dev.stator.model.template.method.Operations;
import dev.stator.model.template.method.TextCase;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Arithmetic;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Ordering;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.Stream;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The filters that look at every element: mapping, selecting, sorting, grouping, summing.
final class SelectionFilters {
    static final Operations FILTERS =
            new Operations()
                    .define("map", "*", SelectionFilters::map)
                    .define("select", "*", (v, a, b) -> select(v, a, b, false, true))
                    .define("reject", "*", (v, a, b) -> select(v, a, b, false, false))
                    .define("selectattr", "*", (v, a, b) -> select(v, a, b, true, true))
                    .define("rejectattr", "*", (v, a, b) -> select(v, a, b, true, false))
                    .define("sort", "reverse case_sensitive attribute", SelectionFilters::sort)
                    .define("dictsort", "case_sensitive by reverse", SelectionFilters::sortDict)
                    .define("unique", "case_sensitive attribute", SelectionFilters::unique)
                    .define("groupby", "attribute default case_sensitive", SelectionFilters::group)
                    .define("min", "case_sensitive attribute", (v, a, b) -> extreme(v, a, b, false))
                    .define("max", "case_sensitive attribute", (v, a, b) -> extreme(v, a, b, true))
                    .define("sum", "attribute start", SelectionFilters::sum);

    private SelectionFilters() {}

    private static Value map(Value value, Arguments arguments, Budget budget) {
        if (!value.isTruthy()) {
            return new Stream(List.of());
        }
        List<Value> mapped = new ArrayList<>();
        Value path = arguments.named().get("attribute");
        if (arguments.positional().isEmpty() && path != null) {
            arguments.skip(0).bind("map", List.of("attribute", "default"));
            Value fallback = arguments.named().getOrDefault("default", Value.None.NONE);
            for (Value item : ListFilters.items(value, budget)) {
                mapped.add(follow(item, path, fallback));
            }
            return new Stream(mapped);
        }
        if (arguments.positional().isEmpty()) {
            throw TemplateFault.evaluation("map needs the name of a filter");
        }
        Value name = arguments.get(0);
        Arguments rest = arguments.skip(1);
        for (Value item : ListFilters.items(value, budget)) {
            mapped.add(Filters.call(name, item, rest, budget));
        }
        return new Stream(mapped);
    }

    private static Value select(
            Value value, Arguments arguments, Budget budget, boolean byAttribute, boolean keeps) {
        if (!value.isTruthy()) {
            return new Stream(List.of());
        }
        if (byAttribute && arguments.positional().isEmpty()) {
            throw TemplateFault.evaluation("the name of the attribute is missing");
        }
        Value path = byAttribute ? arguments.get(0) : Value.None.NONE;
        Arguments test = byAttribute ? arguments.skip(1) : arguments;
        List<Value> selected = new ArrayList<>();
        for (Value item : ListFilters.items(value, budget)) {
            Value tested = Attributes.follow(item, path);
            boolean isAccepted =
                    test.positional().isEmpty()
                            ? tested.isTruthy()
                            : Tests.call(test.get(0), tested, test.skip(1), budget);
            if (isAccepted == keeps) {
                selected.add(item);
            }
        }
        return new Stream(selected);
    }

    private static Value sort(Value value, Arguments arguments, Budget budget) {
        boolean isReversed = arguments.flag(0);
        UnaryOperator<Value> folding = folding(arguments.flag(1));
        List<Value> paths = new ArrayList<>();
        if (arguments.get(2, Value.None.NONE) instanceof Text(var text, _)) {
            for (String path : text.split(",", -1)) {
                paths.add(Text.of(path));
            }
        } else {
            paths.add(arguments.get(2, Value.None.NONE));
        }
        List<Keyed> keyed = new ArrayList<>();
        for (Value item : ListFilters.items(value, budget)) {
            List<Value> keys = new ArrayList<>(paths.size());
            paths.forEach(path -> keys.add(folding.apply(Attributes.follow(item, path))));
            keyed.add(new Keyed(Sequence.list(keys), item));
        }
        return Sequence.list(Keyed.sorted(keyed, isReversed, budget));
    }

    private static Value sortDict(Value value, Arguments arguments, Budget budget) {
        String by = arguments.has(1) ? arguments.text(1) : "key";
        if (!by.equals("key") && !by.equals("value")) {
            throw TemplateFault.evaluation("dictsort sorts by 'key' or 'value'");
        }
        if (!(value instanceof Dict dict)) {
            throw TemplateFault.unexpected(value, "is not a mapping");
        }
        UnaryOperator<Value> folding = folding(arguments.flag(0));
        List<Keyed> keyed = new ArrayList<>();
        budget.elements(dict.entries().size());
        dict.entries()
                .forEach(
                        (key, entry) ->
                                keyed.add(
                                        new Keyed(
                                                folding.apply(by.equals("key") ? key : entry),
                                                Sequence.pair(key, entry))));
        return Sequence.list(Keyed.sorted(keyed, arguments.flag(2), budget));
    }

    private static Value unique(Value value, Arguments arguments, Budget budget) {
        UnaryOperator<Value> folding = folding(arguments.flag(0));
        Value path = arguments.get(1, Value.None.NONE);
        Set<Value> seen = new HashSet<>();
        List<Value> unique = new ArrayList<>();
        for (Value item : ListFilters.items(value, budget)) {
            if (seen.add(Dict.key(folding.apply(Attributes.follow(item, path)), budget))) {
                unique.add(item);
            }
        }
        return new Stream(unique);
    }

    private static Value group(Value value, Arguments arguments, Budget budget) {
        Value path = arguments.get(0);
        Value fallback = arguments.get(1, Value.None.NONE);
        UnaryOperator<Value> folding = folding(arguments.flag(2));
        List<Keyed> keyed = new ArrayList<>();
        for (Value item : ListFilters.items(value, budget)) {
            keyed.add(new Keyed(folding.apply(follow(item, path, fallback)), item));
        }
        List<Value> groups = new ArrayList<>();
        List<Value> members = new ArrayList<>();
        List<Keyed> sorted = Ordering.sort(keyed, (a, b) -> a.isBefore(b, budget), budget);
        for (int i = 0; i < sorted.size(); i++) {
            members.add(sorted.get(i).item());
            if (i + 1 == sorted.size()
                    || !Ordering.isEqual(sorted.get(i).key(), sorted.get(i + 1).key(), budget)) {
                Value grouper = follow(members.getFirst(), path, fallback);
                groups.add(Sequence.group(grouper, Sequence.list(members)));
                members = new ArrayList<>();
            }
        }
        return Sequence.list(groups);
    }

    private static Value extreme(
            Value value, Arguments arguments, Budget budget, boolean isLargest) {
        UnaryOperator<Value> folding = folding(arguments.flag(0));
        Value path = arguments.get(1, Value.None.NONE);
        List<Value> items = ListFilters.items(value, budget);
        if (items.isEmpty()) {
            return new Value.Undefined("No aggregated item, sequence was empty.");
        }
        Value best = items.getFirst();
        Value bestKey = folding.apply(Attributes.follow(best, path));
        for (Value item : items.subList(1, items.size())) {
            Value key = folding.apply(Attributes.follow(item, path));
            if (isLargest
                    ? Ordering.isLess(bestKey, key, budget)
                    : Ordering.isLess(key, bestKey, budget)) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static Value sum(Value value, Arguments arguments, Budget budget) {
        Value path = arguments.get(0, Value.None.NONE);
        Value sum = arguments.get(1, Num.Int.ZERO);
        if (sum instanceof Text) {
            throw TemplateFault.evaluation("strings cannot be summed, join them");
        }
        for (Value item : ListFilters.items(value, budget)) {
            sum = Arithmetic.add(sum, Attributes.follow(item, path), budget);
        }
        return sum;
    }

    private static Value follow(Value owner, Value path, Value fallback) {
        Value found = owner;
        for (Value key : Attributes.keys(path)) {
            found = Attributes.item(found, key);
            boolean isReplaced = found instanceof Value.Undefined && fallback != Value.None.NONE;
            found = isReplaced ? fallback : found;
        }
        return found;
    }

    private static UnaryOperator<Value> folding(boolean isCaseSensitive) {
        return isCaseSensitive
                ? UnaryOperator.identity()
                : key -> key instanceof Text(var text, _) ? Text.of(TextCase.lower(text)) : key;
    }

    /// An element with what it is sorted by.
    private record Keyed(Value key, Value item) {

        boolean isBefore(Keyed other, Budget budget) {
            return Ordering.isLess(key, other.key, budget);
        }

        static List<Value> sorted(List<Keyed> keyed, boolean isReversed, Budget budget) {
            List<Keyed> sorted =
                    isReversed
                            ? Ordering.sort(keyed, (a, b) -> b.isBefore(a, budget), budget)
                            : Ordering.sort(keyed, (a, b) -> a.isBefore(b, budget), budget);
            List<Value> items = new ArrayList<>(sorted.size());
            sorted.forEach(entry -> items.add(entry.item));
            return items;
        }
    }
}
