package dev.stator.model.template.method;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Markup;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.Stream;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.TemplateObject;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What stands behind a dot and between brackets: methods, keys and positions, and nothing of Java.
public final class Attributes {
    private static final Set<String> LIST_CHANGES =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
    private static final Set<String> DICT_CHANGES =
            Set.of("clear", "pop", "popitem", "setdefault", "update");

    private Attributes() {}

    /// `owner.name`: a method if it has one, else the entry of that key. Undefined when there is
    /// neither, and for methods that would change the owner.
    public static Value attribute(Value owner, Text name) {
        Value method = method(owner, name.value());
        if (method != null) {
            return method;
        }
        Value entry = owner instanceof Dict dict ? dict.find(name) : null;
        return entry != null ? entry : Value.Undefined.attribute(owner, name.value());
    }

    /// `owner[key]`: the entry or element if there is one, else the method of that name.
    public static Value item(Value owner, Value key) {
        Value item = Items.find(owner, key);
        if (item != null) {
            return item;
        }
        if (!(key instanceof Text(var name, _))) {
            return new Value.Undefined(
                    "'" + owner.typeName() + " object' has no element " + key.text());
        }
        Value method = method(owner, name);
        return method != null ? method : Value.Undefined.attribute(owner, name);
    }

    /// Follows `path`, in which dots separate keys and whole numbers are positions.
    public static Value follow(Value owner, Value path) {
        Value found = owner;
        for (Value key : keys(path)) {
            found = item(found, key);
        }
        return found;
    }

    /// Splits a path at its dots.
    public static List<Value> keys(Value path) {
        if (!(path instanceof Text(var text, _))) {
            return path == Value.None.NONE ? List.of() : List.of(path);
        }
        List<Value> keys = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            boolean isPosition =
                    !part.isEmpty()
                            && part.length() < 10
                            && part.chars().allMatch(c -> c >= '0' && c <= '9');
            keys.add(isPosition ? Num.Int.of(Integer.parseInt(part)) : Text.of(part));
        }
        return keys;
    }

    private static @Nullable Value method(Value owner, String name) {
        return switch (owner) {
            case Text _ -> bound(owner, TextMethods.find(name));
            case Dict _ ->
                    DICT_CHANGES.contains(name)
                            ? refused(owner, name)
                            : bound(owner, CollectionMethods.ofDict(name));
            case Sequence pair when pair.kind() == Sequence.Kind.GROUP && name.equals("grouper") ->
                    pair.items().getFirst();
            case Sequence pair when pair.kind() == Sequence.Kind.GROUP && name.equals("list") ->
                    pair.items().getLast();
            case Sequence list when list.isIndexed() ->
                    list.kind() == Sequence.Kind.LIST && LIST_CHANGES.contains(name)
                            ? refused(owner, name)
                            : bound(owner, CollectionMethods.ofList(name));
            case TemplateObject object -> object.attribute(name).orElse(null);
            case Value.Undefined(var problem) -> throw TemplateFault.evaluation(problem);
            case Value.None _, Num _, Sequence _, Stream _ -> null;
        };
    }

    private static Value refused(Value owner, String name) {
        return new Value.Undefined(
                "access to attribute '%s' of '%s' object is unsafe"
                        .formatted(name, owner.typeName()));
    }

    private static @Nullable Value bound(Value owner, @Nullable Operation method) {
        return method == null ? null : new BoundMethod(owner, method);
    }

    /// A method together with its owner, ready to be called.
    private record BoundMethod(Value owner, Operation method) implements TemplateObject {

        @Override
        public Value call(Arguments arguments, Budget budget) {
            Value result = method.apply(owner, arguments, budget);
            return owner instanceof Text text && text.isMarkup() ? Markup.of(result) : result;
        }

        @Override
        public Optional<Value> attribute(String name) {
            return Optional.empty();
        }

        @Override
        public String typeName() {
            return "builtin_function_or_method";
        }
    }
}
