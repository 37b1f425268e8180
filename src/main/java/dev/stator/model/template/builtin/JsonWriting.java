package dev.stator.model.template.builtin;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Ordering;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The filter `tojson`: what Python's `json.dumps` writes, without escaping for HTML.
final class JsonWriting {
    static final String PARAMETERS = "ensure_ascii indent separators sort_keys";

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int INDENT_MAX = 64;

    private final boolean isAscii;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean isSorted;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private JsonWriting(Arguments arguments, Budget budget) {
        this.isAscii = arguments.flag(0);
        this.indent = indent(arguments);
        this.isSorted = arguments.flag(3);
        this.budget = budget;
        if (!arguments.has(2) || arguments.get(2) == Value.None.NONE) {
            this.itemSeparator = indent == null ? ", " : ",";
            this.keySeparator = ": ";
        } else {
            List<Value> pair =
                    arguments.get(2) instanceof Sequence given ? given.items() : List.of();
            if (pair.size() != 2
                    || !(pair.get(0) instanceof Text(var item, _))
                    || !(pair.get(1) instanceof Text(var key, _))) {
                throw TemplateFault.evaluation("separators must be two strings");
            }
            this.itemSeparator = item;
            this.keySeparator = key;
        }
    }

    static Value write(Value value, Arguments arguments, Budget budget) {
        budget.build(value.size());
        var writing = new JsonWriting(arguments, budget);
        writing.append(value, 1);
        budget.build(writing.out.length());
        return Text.of(writing.out.toString());
    }

    private static @Nullable String indent(Arguments arguments) {
        if (!arguments.has(1) || arguments.get(1) == Value.None.NONE) {
            return null;
        }
        String indent =
                arguments.get(1) instanceof Text(var text, _)
                        ? text
                        : " ".repeat(Math.clamp(arguments.integer(1), 0, INDENT_MAX + 1));
        if (indent.length() > INDENT_MAX) {
            throw TemplateFault.limit("an indent is wider than " + INDENT_MAX);
        }
        return indent;
    }

    private void append(Value value, int depth) {
        switch (value) {
            case Text(var text, _) -> appendString(text);
            case Num.Truth(var truth) -> out.append(truth);
            case Num.Real(var real) -> appendReal(real);
            case Num number -> number.appendText(out);
            case Value.None _ -> out.append("null");
            case Dict dict -> appendDict(dict, depth);
            case Sequence list when isArray(list) -> appendArray(list.items(), depth);
            default -> throw TemplateFault.unexpected(value, "object is not JSON serializable");
        }
    }

    private static boolean isArray(Sequence list) {
        return list.kind() == Sequence.Kind.LIST || list.kind() == Sequence.Kind.TUPLE;
    }

    private void appendReal(double real) {
        if (Double.isInfinite(real)) {
            out.append(real > 0 ? "Infinity" : "-Infinity");
        } else {
            out.append(Double.isNaN(real) ? "NaN" : new Num.Real(real).text());
        }
    }

    private void appendArray(List<Value> items, int depth) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            appendBreak(i > 0, depth);
            append(items.get(i), depth + 1);
        }
        appendEnd(items.isEmpty(), depth, ']');
    }

    private void appendDict(Dict dict, int depth) {
        out.append('{');
        boolean isFollowing = false;
        for (var entry : entries(dict)) {
            appendBreak(isFollowing, depth);
            appendKey(entry.getKey());
            out.append(keySeparator);
            append(entry.getValue(), depth + 1);
            isFollowing = true;
        }
        appendEnd(!isFollowing, depth, '}');
    }

    private Iterable<Map.Entry<Value, Value>> entries(Dict dict) {
        if (!isSorted) {
            return dict.entries().entrySet();
        }
        return Ordering.sort(
                new ArrayList<>(dict.entries().entrySet()),
                (a, b) -> Ordering.isLess(a.getKey(), b.getKey(), budget),
                budget);
    }

    private void appendBreak(boolean isFollowing, int depth) {
        if (isFollowing) {
            out.append(itemSeparator);
        }
        if (indent != null) {
            out.append('\n').repeat(indent, depth);
        }
        budget.fit(out.length());
    }

    private void appendEnd(boolean isEmpty, int depth, char bracket) {
        if (indent != null && !isEmpty) {
            out.append('\n').repeat(indent, depth - 1);
        }
        out.append(bracket);
    }

    private void appendKey(Value key) {
        switch (key) {
            case Text(var text, _) -> appendString(text);
            case Num.Truth(var truth) -> out.append('"').append(truth).append('"');
            case Num number -> {
                out.append('"');
                append(number, 0);
                out.append('"');
            }
            case Value.None _ -> out.append("\"null\"");
            default -> throw TemplateFault.unexpected(key, "cannot be the key of a JSON object");
        }
    }

    private void appendString(String text) {
        out.append('"');
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || (isAscii && c > '~')) {
                out.append(text, plainFrom, i);
                appendEscape(c);
                plainFrom = i + 1;
            }
        }
        out.append(text, plainFrom, text.length()).append('"');
    }

    private void appendEscape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\f' -> out.append("\\f");
            case '\b' -> out.append("\\b");
            default ->
                    out.append("\\u")
                            .append(HEX[c >> 12])
                            .append(HEX[c >> 8 & 15])
                            .append(HEX[c >> 4 & 15])
                            .append(HEX[c & 15]);
        }
    }
}
