package dev.stator.model.template.method;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The methods of lists, tuples and dictionaries that change nothing.
public final class CollectionMethods {
    private static final Operations DICT =
            new Operations()
                    .define("get", "/key /default", CollectionMethods::get)
                    .define("items", "", (dict, _, budget) -> items((Dict) dict, budget))
                    .define("keys", "", (dict, _, budget) -> keys((Dict) dict, budget))
                    .define("values", "", (dict, _, budget) -> values((Dict) dict, budget))
                    .define("copy", "", (dict, _, _) -> dict);
    private static final Operations LIST =
            new Operations()
                    .define("index", "/value /start /stop", CollectionMethods::index)
                    .define("count", "/value", CollectionMethods::count)
                    .define("copy", "", (list, _, _) -> list);

    private CollectionMethods() {}

    public static @Nullable Operation ofDict(String name) {
        return DICT.find(name);
    }

    static @Nullable Operation ofList(String name) {
        return LIST.find(name);
    }

    /// The pairs of a dictionary.
    public static List<Value> pairs(Dict dict, Budget budget) {
        budget.elements(dict.entries().size());
        List<Value> pairs = new ArrayList<>(dict.entries().size());
        dict.entries().forEach((key, value) -> pairs.add(Sequence.pair(key, value)));
        return pairs;
    }

    private static Value get(Value dict, Arguments arguments, Budget budget) {
        Value found = ((Dict) dict).find(Dict.key(arguments.get(0), budget));
        return found != null ? found : arguments.get(1, Value.None.NONE);
    }

    private static Value items(Dict dict, Budget budget) {
        return Sequence.of(Sequence.Kind.ITEMS, pairs(dict, budget));
    }

    private static Value keys(Dict dict, Budget budget) {
        budget.elements(dict.entries().size());
        return Sequence.of(Sequence.Kind.KEYS, new ArrayList<>(dict.entries().keySet()));
    }

    private static Value values(Dict dict, Budget budget) {
        budget.elements(dict.entries().size());
        return Sequence.of(Sequence.Kind.VALUES, new ArrayList<>(dict.entries().values()));
    }

    private static Value index(Value list, Arguments arguments, Budget budget) {
        List<Value> items = ((Sequence) list).items();
        budget.elements(items.size());
        budget.read(arguments.get(0).depth() > 0 ? list.size() : 0);
        int start = position(arguments.integer(1, 0), items.size());
        int stop = position(arguments.integer(2, items.size()), items.size());
        int found = items.subList(start, Math.max(start, stop)).indexOf(arguments.get(0));
        if (found < 0) {
            throw TemplateFault.evaluation("the value is not in the list");
        }
        return Num.Int.of((long) start + found);
    }

    private static Value count(Value list, Arguments arguments, Budget budget) {
        List<Value> items = ((Sequence) list).items();
        budget.elements(items.size());
        budget.read(arguments.get(0).depth() > 0 ? list.size() : 0);
        return Num.Int.of(Collections.frequency(items, arguments.get(0)));
    }

    private static int position(long index, int size) {
        return (int) Math.clamp(index < 0 ? index + size : index, 0L, (long) size);
    }
}
