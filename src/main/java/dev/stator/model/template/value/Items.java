package dev.stator.model.template.value;

import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Iterating, counting and taking elements of values.
public final class Items {
    private static final long STEP_MAX = 1L << 40;

    private Items() {}

    /// What a `for` runs over; a fault when `value` cannot be iterated.
    public static List<Value> of(Value value, Budget budget) {
        return switch (value) {
            case Sequence sequence -> sequence.items();
            case Dict dict -> {
                budget.elements(dict.entries().size());
                yield new ArrayList<>(dict.entries().keySet());
            }
            case Text(var text, _) -> characters(text, budget);
            case Stream stream -> stream.drain();
            case Value.Undefined _ -> List.of();
            case Value.None _, Num _, TemplateObject _ ->
                    throw TemplateFault.unexpected(value, "object is not iterable");
        };
    }

    /// Whether `of` accepts it.
    public static boolean isIterable(Value value) {
        return !(value instanceof Value.None
                || value instanceof Num
                || value instanceof TemplateObject);
    }

    /// Python's `len`, or -1 when it has none.
    public static int length(Value value) {
        return switch (value) {
            case Text(var text, _) -> CodePoints.length(text);
            case Sequence sequence -> sequence.items().size();
            case Dict dict -> dict.entries().size();
            case Value.Undefined _ -> 0;
            case Value.None _, Num _, Stream _, TemplateObject _ -> -1;
        };
    }

    /// `container[key]`, absent when Python raises `LookupError` or `TypeError`.
    public static @Nullable Value find(Value container, Value key) {
        return switch (container) {
            case Dict dict -> key.isHashable() ? dict.find(key) : null;
            case Sequence list when list.isIndexed() -> {
                int at = position(key, list.items().size());
                yield at < 0 ? null : list.items().get(at);
            }
            case Text text -> character(text, key);
            case Value.Undefined(var problem) -> throw TemplateFault.evaluation(problem);
            case Sequence _, Value.None _, Num _, Stream _, TemplateObject _ -> null;
        };
    }

    /// `container[start:stop:step]`, where absent bounds are `None`.
    public static Value slice(Value container, List<Value> bounds, Budget budget) {
        if (!(container instanceof Text)
                && !(container instanceof Sequence list && list.isIndexed())) {
            throw TemplateFault.unexpected(container, "object cannot be sliced");
        }
        int length = length(container);
        long step = Math.clamp(bound(bounds.get(2), 1), -STEP_MAX, STEP_MAX);
        if (step == 0) {
            throw TemplateFault.evaluation("slice step cannot be zero");
        }
        long first =
                clamp(
                        bound(bounds.get(0), step > 0 ? 0 : length - 1L),
                        length,
                        step,
                        bounds.get(0));
        long last =
                clamp(bound(bounds.get(1), step > 0 ? length : -1), length, step, bounds.get(1));
        return container instanceof Text text
                ? text.like(slice(text.value(), first, last, step, budget))
                : slice((Sequence) container, first, last, step, budget);
    }

    /// `needle in haystack`.
    public static boolean contains(Value haystack, Value needle, Budget budget) {
        budget.read(needle.size());
        return switch (haystack) {
            case Text(var text, _) -> {
                if (!(needle instanceof Text(var part, _))) {
                    throw TemplateFault.unexpected(needle, "cannot be searched in a string");
                }
                budget.search(text, part);
                yield text.contains(part);
            }
            case Dict dict -> dict.find(Dict.key(needle, budget)) != null;
            default -> {
                List<Value> items = of(haystack, budget);
                budget.elements(items.size());
                budget.read(needle.depth() > 0 ? haystack.size() : 0);
                yield items.contains(needle);
            }
        };
    }

    private static List<Value> characters(String text, Budget budget) {
        budget.elements(text.length());
        List<Value> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Text.of(Character.toString(c))));
        return characters;
    }

    private static @Nullable Value character(Text text, Value key) {
        int at = position(key, CodePoints.length(text.value()));
        if (at < 0) {
            return null;
        }
        int character = text.value().codePointAt(CodePoints.index(text.value(), at));
        return text.like(Character.toString(character));
    }

    /// The position that `key` means in something of `length`, or -1 if there is none.
    private static int position(Value key, int length) {
        long index =
                switch (key) {
                    case Num.Int(var value) -> value;
                    case Num.Truth(var value) -> value ? 1 : 0;
                    default -> length;
                };
        long position = index < 0 ? index + length : index;
        return position >= 0 && position < length ? (int) position : -1;
    }

    private static long bound(Value bound, long fallback) {
        return switch (bound) {
            case Value.None _ -> fallback;
            case Num.Int(var value) -> value;
            case Num.Truth(var value) -> value ? 1 : 0;
            case Num.BigInt(var value) -> value.signum() * (Long.MAX_VALUE / 2);
            default -> throw TemplateFault.unexpected(bound, "cannot bound a slice");
        };
    }

    /// Brings a given bound into the range that `step` walks; a bound not given is in it already.
    private static long clamp(long bound, int length, long step, Value given) {
        if (given instanceof Value.None) {
            return bound;
        }
        long position = bound < 0 ? bound + length : bound;
        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? length : length - 1L;
        return Math.max(lowest, Math.min(highest, position));
    }

    private static String slice(String text, long first, long last, long step, Budget budget) {
        budget.read(text.length());
        if (step == 1) {
            return first >= last
                    ? ""
                    : text.substring(
                            CodePoints.index(text, (int) first),
                            CodePoints.index(text, (int) last));
        }
        int[] points = text.codePoints().toArray();
        var out = new StringBuilder();
        for (long i = first; step > 0 ? i < last : i > last; i += step) {
            out.appendCodePoint(points[(int) i]);
        }
        return out.toString();
    }

    private static Value slice(Sequence list, long first, long last, long step, Budget budget) {
        List<Value> items = list.items();
        Sequence.Kind kind = list.kind() == Sequence.Kind.RANGE ? Sequence.Kind.LIST : list.kind();
        List<Value> taken = new ArrayList<>();
        for (long i = first; step > 0 ? i < last : i > last; i += step) {
            taken.add(items.get((int) i));
        }
        budget.elements(taken.size());
        return Sequence.of(kind, Arrays.asList(taken.toArray(new Value[0])));
    }
}
