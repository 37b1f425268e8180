package dev.stator.model.template.method;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/// Python's `str.format`: text with fields such as `{0}`, `{name.part[2]!r:>8}`.
final class BraceFormat {
    private static final int FIELD_DEPTH_MAX = 2;

    private final Function<String, @Nullable Value> values;
    private final Budget budget;
    private int nextPosition;
    private boolean isNumbered;

    private BraceFormat(Function<String, @Nullable Value> values, Budget budget) {
        this.values = values;
        this.budget = budget;
    }

    static String format(String pattern, Arguments arguments, Budget budget) {
        return new BraceFormat(name -> argument(arguments, name), budget).format(pattern, 0);
    }

    static String formatMap(String pattern, Value mapping, Budget budget) {
        if (!(mapping instanceof Dict dict)) {
            throw TemplateFault.unexpected(mapping, "is not a mapping");
        }
        return new BraceFormat(name -> dict.find(Text.of(name)), budget).format(pattern, 0);
    }

    private static @Nullable Value argument(Arguments arguments, String name) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return arguments.named().get(name);
        }
        boolean isSmall = name.length() < 10;
        int position = isSmall ? Integer.parseInt(name) : Integer.MAX_VALUE;
        return position < arguments.positional().size()
                ? arguments.positional().get(position)
                : null;
    }

    private String format(String pattern, int depth) {
        if (depth >= FIELD_DEPTH_MAX) {
            throw TemplateFault.evaluation("format fields are nested too deeply");
        }
        var out = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '{' && c != '}') {
                out.append(c);
            } else if (i + 1 < pattern.length() && pattern.charAt(i + 1) == c) {
                out.append(c);
                i++;
            } else {
                int end = c == '{' ? end(pattern, i) : -1;
                if (end < 0) {
                    throw TemplateFault.evaluation("single '" + c + "' in a format string");
                }
                out.append(field(pattern.substring(i + 1, end), depth));
                budget.fit(out.length());
                i = end;
            }
        }
        budget.read(out.length());
        return out.toString();
    }

    /// The index of the brace that closes the field opened at `start`, or -1.
    private static int end(String pattern, int start) {
        int open = 0;
        for (int i = start; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '{') {
                open++;
            } else if (pattern.charAt(i) == '}' && --open == 0) {
                return i;
            }
        }
        return -1;
    }

    private String field(String field, int depth) {
        budget.step();
        int colon = field.indexOf(':');
        String head = colon < 0 ? field : field.substring(0, colon);
        int bang = head.indexOf('!');
        Value value = value(bang < 0 ? head : head.substring(0, bang));
        String conversion = bang < 0 ? "" : head.substring(bang + 1);
        Value converted =
                switch (conversion) {
                    case "" -> value;
                    case "s" -> Text.of(value.text());
                    case "r" -> Text.of(Texts.repr(value, budget));
                    default -> throw TemplateFault.evaluation("unknown conversion '" + head + "'");
                };
        String spec = colon < 0 ? "" : format(field.substring(colon + 1), depth + 1);
        budget.fit(converted.size());
        return FormatSpec.parse(spec).apply(converted, budget);
    }

    private Value value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Value value = values.apply(first(path.substring(0, end)));
        if (value == null) {
            throw TemplateFault.evaluation("no value for the format field '" + path + "'");
        }
        return follow(value, path, end);
    }

    private String first(String name) {
        boolean isAutomatic = name.isEmpty();
        if (isAutomatic ? isNumbered : nextPosition > 0 && Character.isDigit(name.charAt(0))) {
            throw TemplateFault.evaluation("format fields are numbered in two ways");
        }
        isNumbered |= !isAutomatic && Character.isDigit(name.charAt(0));
        return isAutomatic ? Integer.toString(nextPosition++) : name;
    }

    private static Value follow(Value start, String path, int from) {
        Value value = start;
        int at = from;
        while (at < path.length()) {
            boolean isItem = path.charAt(at) == '[';
            int end = isItem ? path.indexOf(']', at) : nameEnd(path, at + 1);
            if (end < 0 || end == at + 1) {
                throw TemplateFault.evaluation("malformed format field '" + path + "'");
            }
            String name = path.substring(at + 1, end);
            value =
                    isItem
                            ? Attributes.item(value, key(name))
                            : Attributes.attribute(value, Text.of(name));
            at = isItem ? end + 1 : end;
        }
        return value;
    }

    private static int nameEnd(String path, int from) {
        int at = from;
        while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
            at++;
        }
        return at;
    }

    private static Value key(String name) {
        boolean isPosition = name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return isPosition ? Num.Int.of(Integer.parseInt(name)) : Text.of(name);
    }
}
