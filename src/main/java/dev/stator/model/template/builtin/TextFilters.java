package dev.stator.model.template.builtin;

import dev.stator.model.template.method.CollectionMethods;
import dev.stator.model.template.method.Operation;
import dev.stator.model.template.method.Operations;
import dev.stator.model.template.method.PercentFormat;
import dev.stator.model.template.method.TextCase;
import dev.stator.model.template.method.TextMethods;
import dev.stator.model.template.method.TextSplitting;
import dev.stator.model.template.method.Texts;
import dev.stator.model.template.value.Arguments;
import dev.stator.model.template.value.Budget;
import dev.stator.model.template.value.CodePoints;
import dev.stator.model.template.value.Dict;
import dev.stator.model.template.value.Items;
import dev.stator.model.template.value.Markup;
import dev.stator.model.template.value.Num;
import dev.stator.model.template.value.Sequence;
import dev.stator.model.template.value.TemplateFault;
import dev.stator.model.template.value.Value;
import dev.stator.model.template.value.Value.Text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/// The filters that make strings of strings.
final class TextFilters {
    static final Operations FILTERS =
            new Operations()
                    .define("upper", "", convert(TextCase::upper))
                    .define("lower", "", convert(TextCase::lower))
                    .define("capitalize", "", convert(TextCase::capitalize))
                    .define("string", "", convert(UnaryOperator.identity()))
                    .define("title", "", TextFilters::title)
                    .define("safe", "", (v, _, b) -> Markup.of(Texts.of(v, b)))
                    .define("escape", "", TextFilters::escape)
                    .alias("e", "escape")
                    .define("forceescape", "", TextFilters::escapeAgain)
                    .define("trim", "chars", TextFilters::trim)
                    .define("replace", "old new count", TextFilters::replace)
                    .define("indent", "width first blank", TextFilters::indent)
                    .define("center", "width", TextFilters::center)
                    .define("truncate", "length killwords end leeway", TextFilters::truncate)
                    .define("format", "*", TextFilters::format)
                    .define("urlencode", "", TextFilters::encodeUrl)
                    .define("wordcount", "", TextFilters::countWords);

    private TextFilters() {}

    private static Operation.Body convert(UnaryOperator<String> conversion) {
        return (subject, _, budget) -> {
            Text text = Texts.of(subject, budget);
            String converted = conversion.apply(text.value());
            budget.build(converted.length());
            return text.like(converted);
        };
    }

    /// Capitalizes each word, where words begin after blanks, hyphens and opening brackets.
    private static Value title(Value subject, Arguments arguments, Budget budget) {
        String text = Texts.text(subject, budget);
        var out = new StringBuilder(text.length());
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isWordBreak(text.charAt(i))) {
                String word = text.substring(start, i);
                int first = word.isEmpty() ? 0 : Character.charCount(word.codePointAt(0));
                out.append(TextCase.upper(word.substring(0, first)));
                out.append(TextCase.lower(word.substring(first)));
                out.append(i < text.length() ? text.substring(i, i + 1) : "");
                start = i + 1;
            }
        }
        budget.build(out.length());
        return Text.of(out.toString());
    }

    private static boolean isWordBreak(char c) {
        return "-({[<".indexOf(c) >= 0 || CodePoints.isSpace(c);
    }

    private static Value escape(Value subject, Arguments arguments, Budget budget) {
        Text text = Texts.of(subject, budget);
        budget.fit(6L * text.value().length());
        return text.escaped();
    }

    private static Value escapeAgain(Value subject, Arguments arguments, Budget budget) {
        return escape(Text.of(Texts.text(subject, budget)), arguments, budget);
    }

    private static Value trim(Value subject, Arguments arguments, Budget budget) {
        Text text = Texts.of(subject, budget);
        budget.read(text.value().length());
        return arguments.has(0) && arguments.get(0) != Value.None.NONE
                ? text.like(CodePoints.strip(text.value(), arguments.text(0), true, true))
                : text.like(CodePoints.strip(text.value(), true, true));
    }

    private static Value replace(Value subject, Arguments arguments, Budget budget) {
        boolean isLimited = arguments.has(2) && arguments.get(2) != Value.None.NONE;
        return Text.of(
                TextMethods.replace(
                        Texts.text(subject, budget),
                        Texts.text(arguments.get(0), budget),
                        Texts.text(arguments.get(1), budget),
                        isLimited ? arguments.integer(2) : -1,
                        budget));
    }

    private static Value indent(Value subject, Arguments arguments, Budget budget) {
        if (!(subject instanceof Text text)) {
            throw TemplateFault.unexpected(subject, "cannot be indented");
        }
        String indent =
                arguments.get(0, Num.Int.of(4)) instanceof Text(var given, _)
                        ? given
                        : TextMethods.pad("", arguments.integer(0, 4), " ", 0, budget);
        boolean indentsBlank = arguments.flag(2);
        var out = new StringBuilder(arguments.flag(1) ? indent : "");
        List<String> lines = TextSplitting.lines(text.value() + "\n", false, budget);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            out.append(i > 0 ? "\n" : "");
            out.append(i > 0 && (indentsBlank || !line.isEmpty()) ? indent : "").append(line);
            budget.fit(out.length());
        }
        budget.read(out.length());
        return text.like(out.toString());
    }

    private static Value center(Value subject, Arguments arguments, Budget budget) {
        Text text = Texts.of(subject, budget);
        long width = arguments.integer(0, 80);
        return text.like(TextMethods.pad(text.value(), width, " ", 2, budget));
    }

    private static Value truncate(Value subject, Arguments arguments, Budget budget) {
        String text = Texts.text(subject, budget);
        long length = arguments.integer(0, 255);
        String end = arguments.has(2) ? arguments.text(2) : "...";
        long leeway = arguments.integer(3, 5);
        long kept = length - CodePoints.length(end);
        if (kept < 0 || leeway < 0) {
            throw TemplateFault.evaluation("truncate needs a length of at least its ending");
        }
        if (CodePoints.length(text) <= length + leeway) {
            return Text.of(text);
        }
        String cut = text.substring(0, CodePoints.index(text, (int) kept));
        int blank = arguments.flag(1) ? -1 : cut.lastIndexOf(' ');
        return Text.of((blank < 0 ? cut : cut.substring(0, blank)) + end);
    }

    private static Value format(Value subject, Arguments arguments, Budget budget) {
        List<Value> values = arguments.positional();
        if (!values.isEmpty() && !arguments.named().isEmpty()) {
            throw TemplateFault.evaluation("format takes positional or named values, not both");
        }
        LinkedHashMap<Value, Value> named = new LinkedHashMap<>();
        arguments.named().forEach((name, value) -> named.put(Text.of(name), value));
        Value operand = named.isEmpty() ? Sequence.tuple(values) : Dict.of(named);
        return PercentFormat.format(Texts.of(subject, budget), operand, budget);
    }

    private static Value encodeUrl(Value subject, Arguments arguments, Budget budget) {
        if (subject instanceof Text || !Items.isIterable(subject)) {
            return Text.of(quoted(Texts.text(subject, budget), "/", budget));
        }
        List<Value> pairs =
                subject instanceof Dict dict
                        ? CollectionMethods.pairs(dict, budget)
                        : Items.of(subject, budget);
        List<String> parts = new ArrayList<>(pairs.size());
        for (Value pair : pairs) {
            List<Value> sides = Items.of(pair, budget);
            if (sides.size() != 2) {
                throw TemplateFault.evaluation("urlencode needs pairs");
            }
            String key = quoted(Texts.text(sides.get(0), budget), "", budget);
            parts.add(key + "=" + quoted(Texts.text(sides.get(1), budget), "", budget));
        }
        return Text.of(String.join("&", parts).replace("%20", "+"));
    }

    private static String quoted(String text, String safe, Budget budget) {
        budget.build(text.length() * 3L);
        var out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean isKept =
                    b > 0 && (Character.isLetterOrDigit(b) || ("_.-~" + safe).indexOf(b) >= 0);
            out.append(isKept ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xFF));
        }
        return out.toString();
    }

    private static Value countWords(Value subject, Arguments arguments, Budget budget) {
        String text = Texts.text(subject, budget);
        budget.read(text.length());
        long count = 0;
        boolean isInWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean isWordPart = Character.isLetterOrDigit(c) || c == '_';
            count += isWordPart && !isInWord ? 1 : 0;
            isInWord = isWordPart;
        }
        return Num.Int.of(count);
    }
}
