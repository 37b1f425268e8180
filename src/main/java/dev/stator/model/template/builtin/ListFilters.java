package dev.stator.model.template.builtin;

import dev.stator.model.template.method.Attributes;
import dev.stator.model.template.method.CollectionMethods;
import dev.stator.model.template.method.Operations;
import dev.stator.model.template.method.Texts;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.Stream;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.util.ArrayList;
import java.util.List;

/// The filters about the shape of lists: length, ends, order of appearance, cutting, joining.
final class ListFilters {
    static final Operations FILTERS =
            new Operations()
                    .define("length", "", (value, _, _) -> length(value))
                    .alias("count", "length")
                    .define("first", "", ListFilters::first)
                    .define("last", "", ListFilters::last)
                    .define("list", "", (value, _, budget) -> Sequence.list(items(value, budget)))
                    .define("join", "d attribute", ListFilters::join)
                    .define("reverse", "", ListFilters::reverse)
                    .define("items", "", ListFilters::pairs)
                    .define("batch", "linecount fill_with", ListFilters::batch)
                    .define("slice", "slices fill_with", ListFilters::slice);

    private ListFilters() {}

    /// The elements of `value`, charged to the budget.
    static List<Value> items(Value value, Budget budget) {
        List<Value> items = Items.of(value, budget);
        budget.elements(items.size());
        return items;
    }

    private static Value length(Value value) {
        int length = Items.length(value);
        if (length < 0) {
            throw TemplateFault.unexpected(value, "object has no length");
        }
        return Num.Int.of(length);
    }

    private static Value first(Value value, Arguments arguments, Budget budget) {
        if (value instanceof Text(var text, _) && !text.isEmpty()) {
            return Text.of(Character.toString(text.codePointAt(0)));
        }
        List<Value> items = Items.of(value, budget);
        return items.isEmpty()
                ? new Value.Undefined("No first item, sequence was empty.")
                : items.getFirst();
    }

    private static Value last(Value value, Arguments arguments, Budget budget) {
        if (value instanceof Text(var text, _) && !text.isEmpty()) {
            return Text.of(Character.toString(text.codePointBefore(text.length())));
        }
        if (value instanceof Stream) {
            throw TemplateFault.unexpected(value, "object is not reversible");
        }
        List<Value> items = Items.of(value, budget);
        return items.isEmpty()
                ? new Value.Undefined("No last item, sequence was empty.")
                : items.getLast();
    }

    private static Value join(Value value, Arguments arguments, Budget budget) {
        String separator = Texts.text(arguments.get(0, Text.EMPTY), budget);
        Value path = arguments.get(1, Value.None.NONE);
        var out = new StringBuilder();
        boolean isFollowing = false;
        for (Value item : items(value, budget)) {
            out.append(isFollowing ? separator : "");
            Value shown = path == Value.None.NONE ? item : Attributes.follow(item, path);
            budget.fit(out.length() + shown.size());
            shown.appendText(out);
            isFollowing = true;
        }
        budget.build(out.length());
        return Text.of(out.toString());
    }

    private static Value reverse(Value value, Arguments arguments, Budget budget) {
        if (value instanceof Text(var text, _)) {
            budget.build(text.length());
            return Text.of(new StringBuilder(text).reverse().toString());
        }
        List<Value> reversed = items(value, budget).reversed();
        return value instanceof Stream ? Sequence.list(reversed) : new Stream(reversed);
    }

    private static Value pairs(Value value, Arguments arguments, Budget budget) {
        return switch (value) {
            case Dict dict -> new Stream(CollectionMethods.pairs(dict, budget));
            case Value.Undefined _ -> new Stream(List.of());
            default -> throw TemplateFault.unexpected(value, "is not a mapping");
        };
    }

    private static Value batch(Value value, Arguments arguments, Budget budget) {
        long size = arguments.integer(0);
        List<Value> items = items(value, budget);
        List<Value> batches = new ArrayList<>();
        List<Value> batch = new ArrayList<>();
        for (Value item : items) {
            if (batch.size() == size) {
                batches.add(Sequence.list(batch));
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            fill(batch, arguments, size, budget);
            batches.add(Sequence.list(batch));
        }
        return new Stream(batches);
    }

    private static void fill(List<Value> batch, Arguments arguments, long size, Budget budget) {
        if (arguments.get(1, Value.None.NONE) == Value.None.NONE || batch.size() >= size) {
            return;
        }
        budget.elements(size);
        while (batch.size() < size) {
            batch.add(arguments.get(1));
        }
    }

    private static Value slice(Value value, Arguments arguments, Budget budget) {
        long slices = arguments.integer(0);
        List<Value> items = items(value, budget);
        if (slices == 0) {
            throw TemplateFault.evaluation("division by zero");
        }
        budget.elements(Math.max(0, slices));
        Value filler = arguments.get(1, Value.None.NONE);
        List<Value> cut = new ArrayList<>();
        int end = 0;
        for (long i = 0; i < slices; i++) {
            boolean isLonger = i < items.size() % slices;
            int start = end;
            end = start + (int) (items.size() / slices) + (isLonger ? 1 : 0);
            List<Value> part = new ArrayList<>(items.subList(start, end));
            if (filler != Value.None.NONE && !isLonger) {
                part.add(filler);
            }
            cut.add(Sequence.list(part));
        }
        return new Stream(cut);
    }
}
