package dev.stator.model.template.method;

import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.CodePoints;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The methods of strings: searching, stripping, joining, padding. Cutting is in `TextSplitting`,
/// letter case in `TextCase`.
public final class TextMethods {
    private static final Operations METHODS =
            new Operations()
                    .include(TextCase.METHODS)
                    .include(TextSplitting.METHODS)
                    .define("strip", "/chars", (s, a, b) -> strip(s, a, b, true, true))
                    .define("lstrip", "/chars", (s, a, b) -> strip(s, a, b, true, false))
                    .define("rstrip", "/chars", (s, a, b) -> strip(s, a, b, false, true))
                    .define("startswith", "/prefix /start /end", (s, a, _) -> affix(s, a, true))
                    .define("endswith", "/suffix /start /end", (s, a, _) -> affix(s, a, false))
                    .define("removeprefix", "/prefix", TextMethods::removePrefix)
                    .define("removesuffix", "/suffix", TextMethods::removeSuffix)
                    .define(
                            "find",
                            "/sub /start /end",
                            (s, a, b) -> Num.Int.of(find(s, a, b, true)))
                    .define(
                            "rfind",
                            "/sub /start /end",
                            (s, a, b) -> Num.Int.of(find(s, a, b, false)))
                    .define("index", "/sub /start /end", (s, a, b) -> index(s, a, b, true))
                    .define("rindex", "/sub /start /end", (s, a, b) -> index(s, a, b, false))
                    .define("count", "/sub /start /end", TextMethods::count)
                    .define("replace", "/old /new /count", TextMethods::replace)
                    .define("join", "/iterable", TextMethods::join)
                    .define("center", "/width /fill", (s, a, b) -> pad(s, a, b, 2))
                    .define("ljust", "/width /fill", (s, a, b) -> pad(s, a, b, 0))
                    .define("rjust", "/width /fill", (s, a, b) -> pad(s, a, b, 1))
                    .define("zfill", "/width", TextMethods::zeroFill)
                    .define("expandtabs", "tabsize", TextMethods::expandTabs)
                    .define("format", "*", (s, a, b) -> Text.of(BraceFormat.format(s.text(), a, b)))
                    .define("format_map", "/mapping", TextMethods::formatMap);

    private TextMethods() {}

    static @Nullable Operation find(String name) {
        return METHODS.find(name);
    }

    /// `text` with `replacement` for the first `limit` occurrences of `old`; all if negative.
    public static String replace(
            String text, String old, String replacement, long limit, Budget budget) {
        budget.search(text, old);
        int first = text.indexOf(old);
        if (first < 0 || limit == 0) {
            return text;
        }
        var out = new StringBuilder();
        int copied = 0;
        long left = limit;
        for (int at = first; at >= 0 && left != 0; left--) {
            out.append(text, copied, at).append(replacement);
            budget.fit(out.length());
            copied = at + old.length();
            at = old.isEmpty() ? next(text, at) : text.indexOf(old, copied);
            budget.step();
        }
        String replaced = out.append(text, copied, text.length()).toString();
        budget.build(replaced.length());
        return replaced;
    }

    /// Puts `text` into `width` columns: 0 left, 1 right, 2 in the middle.
    public static String pad(String text, long width, String fill, int side, Budget budget) {
        long missing = width - CodePoints.length(text);
        if (missing <= 0) {
            return text;
        }
        budget.build(width);
        int before =
                switch (side) {
                    case 0 -> 0;
                    case 1 -> (int) missing;
                    default -> (int) (missing / 2 + (missing & width & 1));
                };
        return fill.repeat(before) + text + fill.repeat((int) missing - before);
    }

    private static int next(String text, int at) {
        return at >= text.length() ? -1 : at + Character.charCount(text.codePointAt(at));
    }

    private static Value strip(Value subject, Arguments a, Budget b, boolean left, boolean right) {
        b.read(subject.size());
        return !a.has(0) || a.get(0) == Value.None.NONE
                ? Text.of(CodePoints.strip(subject.text(), left, right))
                : Text.of(CodePoints.strip(subject.text(), a.text(0), left, right));
    }

    private static Value affix(Value subject, Arguments arguments, boolean isPrefix) {
        Window window = Window.of(subject.text(), arguments);
        if (!(arguments.get(0) instanceof Sequence tuple && tuple.kind() == Sequence.Kind.TUPLE)) {
            return Num.Truth.of(window.has(arguments.text(0), isPrefix));
        }
        for (Value choice : tuple.items()) {
            if (!(choice instanceof Text(var affix, _))) {
                throw TemplateFault.unexpected(choice, "is not a string to start or end with");
            }
            if (window.has(affix, isPrefix)) {
                return Num.Truth.TRUE;
            }
        }
        return Num.Truth.FALSE;
    }

    private static Value removePrefix(Value subject, Arguments arguments, Budget budget) {
        String prefix = arguments.text(0);
        return subject.text().startsWith(prefix)
                ? Text.of(subject.text().substring(prefix.length()))
                : subject;
    }

    private static Value removeSuffix(Value subject, Arguments arguments, Budget budget) {
        String suffix = arguments.text(0);
        return subject.text().endsWith(suffix)
                ? Text.of(subject.text().substring(0, subject.text().length() - suffix.length()))
                : subject;
    }

    private static int find(Value subject, Arguments arguments, Budget budget, boolean isFirst) {
        String text = subject.text();
        Window window = Window.of(text, arguments);
        String part = arguments.text(0);
        budget.search(text, part);
        if (window.start > window.end) {
            return -1;
        }
        int found = isFirst ? window.text().indexOf(part) : window.text().lastIndexOf(part);
        return found < 0 ? -1 : text.codePointCount(0, window.start + found);
    }

    private static Value index(Value subject, Arguments arguments, Budget budget, boolean isFirst) {
        int found = find(subject, arguments, budget, isFirst);
        if (found < 0) {
            throw TemplateFault.evaluation("substring not found");
        }
        return Num.Int.of(found);
    }

    private static Value count(Value subject, Arguments arguments, Budget budget) {
        Window window = Window.of(subject.text(), arguments);
        String part = arguments.text(0);
        budget.search(window.whole, part);
        if (window.start > window.end) {
            return Num.Int.ZERO;
        }
        String text = window.text();
        if (part.isEmpty()) {
            return Num.Int.of(CodePoints.length(text) + 1L);
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return Num.Int.of(count);
    }

    private static Value replace(Value subject, Arguments arguments, Budget budget) {
        return Text.of(
                replace(
                        subject.text(),
                        arguments.text(0),
                        arguments.text(1),
                        arguments.integer(2, -1),
                        budget));
    }

    private static Value join(Value subject, Arguments arguments, Budget budget) {
        List<Value> items = Items.of(arguments.get(0), budget);
        var out = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof Text(var part, _))) {
                throw TemplateFault.unexpected(items.get(i), "cannot be joined to a string");
            }
            out.append(i == 0 ? "" : subject.text()).append(part);
            budget.fit(out.length());
        }
        budget.read(out.length());
        return Text.of(out.toString());
    }

    private static Value pad(Value subject, Arguments arguments, Budget budget, int side) {
        String fill = arguments.has(1) ? arguments.text(1) : " ";
        if (CodePoints.length(fill) != 1) {
            throw TemplateFault.evaluation("the fill must be exactly one character");
        }
        return Text.of(pad(subject.text(), arguments.integer(0), fill, side, budget));
    }

    private static Value zeroFill(Value subject, Arguments arguments, Budget budget) {
        String text = subject.text();
        boolean isSigned = text.startsWith("-") || text.startsWith("+");
        String sign = isSigned ? text.substring(0, 1) : "";
        long width = arguments.integer(0) - sign.length();
        return Text.of(sign + pad(text.substring(sign.length()), width, "0", 1, budget));
    }

    private static Value expandTabs(Value subject, Arguments arguments, Budget budget) {
        long tabSize = arguments.integer(0, 8);
        var out = new StringBuilder();
        int column = 0;
        for (int i = 0; i < subject.text().length(); i++) {
            char c = subject.text().charAt(i);
            if (c == '\t') {
                long blanks = tabSize <= 0 ? 0 : tabSize - column % tabSize;
                budget.fit(out.length() + blanks);
                out.repeat(' ', (int) blanks);
                column += (int) blanks;
            } else {
                out.append(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        budget.build(out.length());
        return Text.of(out.toString());
    }

    private static Value formatMap(Value subject, Arguments arguments, Budget budget) {
        return Text.of(BraceFormat.formatMap(subject.text(), arguments.get(0), budget));
    }

    /// The part of a string that optional bounds select, as char indexes.
    private record Window(String whole, int start, int end) {

        static Window of(String whole, Arguments arguments) {
            if (!arguments.has(1) && !arguments.has(2)) {
                return new Window(whole, 0, whole.length());
            }
            int length = CodePoints.length(whole);
            long start = bound(arguments, 1, 0, length);
            long end = Math.min(bound(arguments, 2, length, length), length);
            return start > length
                    ? new Window(whole, 1, 0)
                    : new Window(
                            whole,
                            CodePoints.index(whole, (int) start),
                            CodePoints.index(whole, (int) end));
        }

        String text() {
            return whole.substring(start, end);
        }

        boolean has(String affix, boolean isPrefix) {
            if (start > end || affix.length() > end - start) {
                return false;
            }
            return whole.startsWith(affix, isPrefix ? start : end - affix.length());
        }

        private static long bound(Arguments arguments, int position, int fallback, int length) {
            boolean isGiven = arguments.has(position) && arguments.get(position) != Value.None.NONE;
            long bound = isGiven ? arguments.integer(position) : fallback;
            return bound < 0 ? Math.max(0, bound + length) : bound;
        }
    }
}
